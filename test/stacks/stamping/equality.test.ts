import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  artifactsOf,
  assemble,
  comparableTemplate,
  filesOf,
  readJson,
  stackArtifacts,
  type ManifestArtifact,
} from '../../support/assemblies';
import { exampleFleet, variantFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';

type Json = Record<string, any>;

const FLEETS = [
  ['example', once(() => assembleBoth(exampleFleet))],
  ['variant', once(() => assembleBoth(variantFleet))],
] as const;

describe.each(FLEETS)('the stamped assembly of the %s fleet', (_name, assemblies) => {
  const pairs = once(() =>
    stackArtifacts(assemblies().plain).map(([id, plain]): [string, ManifestArtifact, ManifestArtifact] => {
      return [id, plain, artifactsOf(assemblies().stamped)[id]!];
    }),
  );

  test('has the same files and the same artifacts, in the same order', () => {
    expect(filesOf(assemblies().stamped)).toEqual(filesOf(assemblies().plain));
    expect(Object.keys(artifactsOf(assemblies().stamped))).toEqual(Object.keys(artifactsOf(assemblies().plain)));
  });

  test('has the same templates', () => {
    for (const [id, plain, stamped] of pairs()) {
      expect([id, comparableTemplate(assemblies().stamped, stamped)]).toEqual([
        id,
        comparableTemplate(assemblies().plain, plain),
      ]);
    }
  });

  test('has the same entries in the manifest, but for the digest of a template', () => {
    for (const [id, plain, stamped] of pairs()) expect([id, withoutDigest(stamped)]).toEqual([id, withoutDigest(plain)]);
  });

  test('has the same metadata, but for reasons of acknowledgements, which the first stack of a shape has for all', () => {
    const compared = pairs().map(([id, plain, stamped]) => {
      const [made, wanted] = [metadataOf(assemblies().stamped, stamped), metadataOf(assemblies().plain, plain)];
      const reasons = Object.values(made).some((entries) => entries.some(isReason));
      expect([id, made]).toEqual([id, reasons ? wanted : withoutReasons(wanted)]);
      return reasons;
    });
    expect(compared).toContain(true);
    expect(compared).toContain(false);
  });

  test('has the same asset manifests, but for the digest of a template', () => {
    const manifests = Object.entries(artifactsOf(assemblies().plain)).filter(([, { type }]) => type === 'cdk:asset-manifest');
    expect(manifests.length).toBeGreaterThan(5);
    for (const [id, { properties }] of manifests) {
      expect(artifactsOf(assemblies().stamped)[id]?.properties).toEqual(properties);
      const file = properties!['file'] as string;
      expect([id, assetsOf(assemblies().stamped, file)]).toEqual([id, assetsOf(assemblies().plain, file)]);
    }
  });

  test('has the same construct tree', () => {
    const [stamped, plain] = [readJson(assemblies().stamped, 'tree.json'), readJson(assemblies().plain, 'tree.json')];
    expect(outline(stamped['tree'] as Json)).toEqual(outline(plain['tree'] as Json));
  });

  test('has no mark of a value, token or shape in any file', () => {
    for (const file of filesOf(assemblies().stamped)) {
      const text = readFileSync(join(assemblies().stamped, file), 'utf8');
      expect([file, /[⟦⟧⟪⟫]|\$\{Token\[|stamp-value|\bShapes\//.exec(text)?.[0]]).toEqual([file, undefined]);
    }
  });
});

function assembleBoth(load: typeof exampleFleet): { readonly plain: string; readonly stamped: string } {
  const { fleet } = load();
  return { plain: assemble(fleet, { stamping: false }), stamped: assemble(fleet, { stamping: true }) };
}

/** The digest follows the bytes of a template, which keep the order that the shape's has. */
function withoutDigest(artifact: ManifestArtifact): unknown {
  const url = String(artifact.properties?.['stackTemplateAssetObjectUrl']);
  return { ...artifact, properties: { ...artifact.properties, stackTemplateAssetObjectUrl: url.replace(/[0-9a-f]{64}/, '') } };
}

type Metadata = Record<string, { readonly type: string }[]>;

function metadataOf(folder: string, { additionalMetadataFile }: ManifestArtifact): Metadata {
  return readJson(folder, additionalMetadataFile!);
}

function isReason({ type }: Metadata[string][number]): boolean {
  return type === 'aws:cdk:acknowledged-rules';
}

function withoutReasons(metadata: Metadata): Metadata {
  const others = Object.entries(metadata).map(([path, entries]) => [path, entries.filter((entry) => !isReason(entry))] as const);
  return Object.fromEntries(others.filter(([, entries]) => entries.length > 0));
}

function assetsOf(folder: string, file: string): unknown {
  const { files, ...others } = readJson(folder, file);
  return {
    ...others,
    files: Object.entries(files as Json).map(([digest, asset]: [string, Json]) => {
      if (asset['source'].packaging !== 'file') return [digest, asset];
      // The key of a destination follows from the destination, and so from the digest.
      const destinations = Object.entries(asset['destinations'] as Json).map(([key, to]) => [
        key.replace(/-\w{8}$/, ''),
        to as Json,
      ]);
      return JSON.parse(JSON.stringify({ ...asset, destinations }).replaceAll(digest, '')) as unknown;
    }),
  };
}

/** Ids, paths and classes; what constructs tell of their properties is compared in the templates. */
function outline(node: Json): Json {
  return {
    id: node['id'],
    path: node['path'],
    constructInfo: node['constructInfo'],
    type: node['attributes']?.['aws:cdk:cloudformation:type'],
    logicalId: node['attributes']?.['aws:cdk:cloudformation:logicalId'],
    children: Object.fromEntries(
      Object.entries((node['children'] as Json | undefined) ?? {}).map(([id, child]) => [id, outline(child as Json)]),
    ),
  };
}
