/**
 * CloudFormation types that need no judgement: AWS sets no number, or they only join things that are counted. Everything that is neither
 * here nor counted is listed by `preflight` as not judged.
 */
export const WITHOUT_QUOTA: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'creates nothing',
  'AWS::CloudFormation::CustomResource': 'a call of a function that is counted where it is defined',
  'AWS::CloudWatch::Dashboard': 'AWS sets no number of dashboards (aws-facts 8.4)',
  'AWS::EC2::SubnetRouteTableAssociation': 'joins a subnet and a route table',
  'AWS::EC2::VPCGatewayAttachment': 'joins a VPC and a gateway',
  'AWS::ECS::ClusterCapacityProviderAssociations': 'joins a cluster and its capacity providers',
  'AWS::SQS::Queue': 'AWS sets no number of queues (aws-facts 8.4)',
  'AWS::SQS::QueuePolicy': 'part of its queue',
  'AWS::SNS::TopicPolicy': 'part of its topic',
  'AWS::WAFv2::LoggingConfiguration': 'part of its web ACL',
  'AWS::WAFv2::WebACLAssociation': 'joins a web ACL and a load balancer',
};
