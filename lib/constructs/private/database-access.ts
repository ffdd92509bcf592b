import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * Lets tasks reach the database. With an id given by the caller, because the rules that `connections` makes are named after construct
 * paths, which differ between a shape and a stamp (design 11).
 */
export function allowDatabaseAccess(
  scope: Construct,
  id: string,
  database: { readonly securityGroup: ec2.ISecurityGroup; readonly port: number },
  source: ec2.ISecurityGroup,
  description: string,
): ec2.CfnSecurityGroupIngress {
  return new ec2.CfnSecurityGroupIngress(scope, id, {
    ipProtocol: 'tcp',
    fromPort: database.port,
    toPort: database.port,
    groupId: database.securityGroup.securityGroupId,
    sourceSecurityGroupId: source.securityGroupId,
    description,
  });
}
