import type { AssemblyTemplate, TemplateResource } from '../../assembly/read-assembly';
import { DocumentTemplate } from './document-template';
import type { ValueLookup } from './text-template';

type Json = Readonly<Record<string, unknown>>;

/** What is asked of a resource, besides its type. */
const MEMBERS = ['Properties', 'DeletionPolicy', 'UpdateReplacePolicy', 'Condition'] as const;
type Member = (typeof MEMBERS)[number];

/** One resource of a shape. */
interface ShapeResource {
  /** Logical ids may hold values. */
  readonly logicalId: DocumentTemplate;
  readonly type: string;
  readonly members: Readonly<Partial<Record<Member, DocumentTemplate>>>;
}

/**
 * The template of a shape as data: what a stamp's template says to somebody who reads a part of it. Resources are filled in when they are looked
 * at, and most never are: `Metadata` of a resource is left out, which nobody reads.
 */
export class TemplateDocument {
  private readonly sections: DocumentTemplate;
  private readonly resources: readonly ShapeResource[];

  /** @param json the text that the TextTemplate of the shape is made from as well */
  public constructor(json: string) {
    const { Resources: resources, ...sections } = JSON.parse(json) as Json & {
      readonly Resources?: Readonly<Record<string, Json>>;
    };
    this.sections = new DocumentTemplate(sections);
    this.resources = Object.entries(resources ?? {}).map(([logicalId, resource]) => ({
      logicalId: new DocumentTemplate(logicalId),
      type: String(resource['Type']),
      members: Object.fromEntries(
        MEMBERS.flatMap((member) => (member in resource ? [[member, new DocumentTemplate(resource[member])]] : [])),
      ),
    }));
  }

  public fill(valueOf: ValueLookup): AssemblyTemplate {
    const resources: Record<string, TemplateResource> = {};
    for (const resource of this.resources) {
      resources[String(resource.logicalId.fill(valueOf))] = new FilledResource(resource, valueOf) as TemplateResource;
    }
    return { ...(this.sections.fill(valueOf) as Json), Resources: resources };
  }
}

class FilledResource implements Record<Member | 'Type', unknown> {
  private properties: { readonly value: unknown } | undefined;

  public constructor(
    private readonly resource: ShapeResource,
    private readonly valueOf: ValueLookup,
  ) {}

  public get Type(): string {
    return this.resource.type;
  }

  public get Properties(): unknown {
    return (this.properties ??= { value: this.member('Properties') }).value;
  }

  public get DeletionPolicy(): unknown {
    return this.member('DeletionPolicy');
  }

  public get UpdateReplacePolicy(): unknown {
    return this.member('UpdateReplacePolicy');
  }

  public get Condition(): unknown {
    return this.member('Condition');
  }

  private member(name: Member): unknown {
    return this.resource.members[name]?.fill(this.valueOf);
  }
}
