import { RemovalPolicy, Token, Tokenization } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** Where a stamp's database is: what the application reads at start (design 6, application contract). */
export interface DatabasePointerProps {
  /** SSM parameter name, `/stampkit/<fleet>/<stamp>/database`. */
  readonly parameterName: string;
  /** `aurora-postgresql`, `aurora-mysql`, `dynamodb`, `postgresql`, `mysql` or `other`. */
  readonly engine: string;
  /**
   * Host name to write to.
   * @default - left out of the document
   */
  readonly writer?: string;
  /**
   * Host name to read from.
   * @default - left out of the document
   */
  readonly reader?: string;
  /**
   * TCP port of both endpoints.
   * @default - left out of the document
   */
  readonly port?: number;
  /**
   * Name of the database inside the cluster.
   * @default - left out of the document
   */
  readonly databaseName?: string;
  /**
   * Name of the table.
   * @default - left out of the document
   */
  readonly tableName?: string;
  /**
   * What happens to the parameter when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The one indirection to a stamp's database: an SSM parameter with a JSON document of `engine`, `writer`, `reader`, `port`, `name`
 * and `table` (only those that apply; `port` is a number). A cut-over to a restored database swaps the parameter's content at run time,
 * and no template changes (design 6).
 *
 * The template holds what the stack created. CloudFormation compares templates and stack tags, not the live value, so it leaves a
 * swapped parameter alone as long as neither changed here; when one did, it writes its own value again. Three things follow:
 * the document is built from names and endpoints that never change while the database lives; the construct puts no tags and
 * nothing else variable on the parameter; and a deployment that changes the *stack's* tags after a cut-over must be followed by a look
 * at the pointer. Before the first deployment after a cut-over, compare the live value with the template's.
 */
export class DatabasePointer extends Construct {
  /** The parameter that consumers read. */
  public readonly parameter: ssm.StringParameter;

  public constructor(scope: Construct, id: string, props: DatabasePointerProps) {
    super(scope, id);
    this.parameter = new ssm.StringParameter(this, 'Resource', {
      parameterName: props.parameterName,
      // The name is a path even while it is a token.
      simpleName: false,
      description: 'Where the database of this stamp is. A restore swaps the content; do not edit it by hand.',
      stringValue: document(props),
    });
    this.parameter.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    // Tags of the app would make CloudFormation write the parameter, value included, whenever one of them changes.
    (this.parameter.node.defaultChild as ssm.CfnParameter).addPropertyDeletionOverride('Tags');
  }

  /** Lets a consumer read the pointer at run time. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.parameter.grantRead(grantee);
  }
}

/** JSON by hand: endpoints and names may be tokens, which have to stay whole inside the text. */
function document(props: DatabasePointerProps): string {
  const members: string[] = [`"engine":${quoted(props.engine)}`];
  if (props.writer !== undefined) members.push(`"writer":${quoted(props.writer)}`);
  if (props.reader !== undefined) members.push(`"reader":${quoted(props.reader)}`);
  if (props.port !== undefined) members.push(`"port":${Tokenization.stringifyNumber(props.port)}`);
  if (props.databaseName !== undefined) members.push(`"name":${quoted(props.databaseName)}`);
  if (props.tableName !== undefined) members.push(`"table":${quoted(props.tableName)}`);
  return `{${members.join(',')}}`;
}

function quoted(value: string): string {
  return Token.isUnresolved(value) ? `"${value}"` : JSON.stringify(value);
}
