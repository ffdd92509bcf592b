import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DefaultStackSynthesizer,
  type DockerImageAssetLocation,
  type DockerImageAssetSource,
  type FileAssetLocation,
  type FileAssetSource,
  type ISynthesisSession,
} from 'aws-cdk-lib';

/** What aws-cdk-lib made of a shape's stack. */
export interface SynthesizedShape {
  /** The template file. */
  readonly template: string;
  /** What the assembly knows of the constructs, by path with a slash in front. */
  readonly metadata: Readonly<Record<string, readonly MetadataEntry[]>>;
  /** True when metadata stands in a file of its own, as in newer versions of aws-cdk-lib, and not in the manifest. */
  readonly metadataInFile: boolean;
  /** What the stamps upload, besides their templates. */
  readonly files: readonly FileAssetSource[];
  readonly images: readonly DockerImageAssetSource[];
}

export interface MetadataEntry {
  readonly type: string;
  readonly data?: unknown;
}

type Manifest = Parameters<ISynthesisSession['assembly']['addArtifact']>[1];

/**
 * Lets aws-cdk-lib synthesize the stack of a shape as any other stack, into a folder that goes again: the assembly holds the stamps, and not
 * the shape they are made from.
 */
export class ShapeSynthesizer extends DefaultStackSynthesizer {
  private readonly files: FileAssetSource[] = [];
  private readonly images: DockerImageAssetSource[] = [];
  private synthesized?: SynthesizedShape;

  public override addFileAsset(asset: FileAssetSource): FileAssetLocation {
    if (asset.fileName !== this.boundStack.templateFile) this.files.push(asset);
    return super.addFileAsset(asset);
  }

  public override addDockerImageAsset(asset: DockerImageAssetSource): DockerImageAssetLocation {
    this.images.push(asset);
    return super.addDockerImageAsset(asset);
  }

  /** Called by the app for the stack itself, and by each of its stamps: whoever comes first does the work. */
  public override synthesize(session: ISynthesisSession): void {
    this.result(session);
  }

  public result(session: ISynthesisSession): SynthesizedShape {
    return (this.synthesized ??= this.synthesizeAside(session));
  }

  private synthesizeAside(session: ISynthesisSession): SynthesizedShape {
    const { assembly } = session;
    const folder = join(assembly.outdir, `.shape-${this.boundStack.artifactId}`);
    const manifests: Manifest[] = [];
    // Missing context is still reported to the assembly itself.
    const aside = Object.create(assembly, {
      outdir: { value: folder },
      addArtifact: { value: (_id: string, manifest: Manifest) => manifests.push(manifest) },
    }) as ISynthesisSession['assembly'];
    mkdirSync(folder, { recursive: true });
    try {
      super.synthesize({ ...session, outdir: folder, assembly: aside });
      const stack = manifests.find(({ properties }) => properties !== undefined && 'templateFile' in properties);
      const metadataFile = stack?.additionalMetadataFile;
      return {
        template: readFileSync(join(folder, this.boundStack.templateFile), 'utf8'),
        metadata: (metadataFile === undefined
          ? (stack?.metadata ?? {})
          : JSON.parse(readFileSync(join(folder, metadataFile), 'utf8'))) as SynthesizedShape['metadata'],
        metadataInFile: metadataFile !== undefined,
        files: this.files,
        images: this.images,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
