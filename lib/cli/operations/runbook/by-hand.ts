import { controlMember, type GroupView, stampSpec } from '../../../operations/group-view';
import type { Action, CapacityFloors, Condition, Step } from '../../../operations/plan';
import { evacuatedToken, inServiceToken, switchKey } from '../../../topology/names';

/** Plain lines for the AWS CLI that do what a step does, for the day on which the tool cannot be used; empty where there are none. */
export function byHand(view: GroupView, step: Step): string[] {
  const lines = actionLines(view, step.action);
  const looks = step.postcondition.flatMap((condition) => lookLines(view, condition));
  return [...lines, ...looks];
}

function actionLines(view: GroupView, action: Action): string[] {
  switch (action.do) {
    case 'put-switch':
      return switchLines(view, action);
    case 'raise-floors':
      return floorLines(view, action.stamp, action.floors);
    case 'switchover':
      return [
        `aws rds switchover-global-cluster --region ${action.from} --global-cluster-identifier ${action.globalCluster} --target-db-cluster-identifier ${clusterArn(view, action.region, action.cluster)}`,
      ];
    case 'failover':
      return [
        `aws rds failover-global-cluster --region ${action.region} --global-cluster-identifier ${action.globalCluster} --target-db-cluster-identifier ${clusterArn(view, action.region, action.cluster)} --allow-data-loss`,
      ];
    case 'detach':
      return [
        `aws rds remove-from-global-cluster --region ${action.region} --global-cluster-identifier ${action.globalCluster} --db-cluster-identifier ${clusterArn(view, action.region, action.cluster)}`,
      ];
    default:
      return [];
  }
}

/** The condition is what keeps two operators apart: the bucket refuses a write without one. */
function switchLines(view: GroupView, { stamp, state, controls }: Extract<Action, { do: 'put-switch' }>): string[] {
  const token = state === 'evacuated' ? evacuatedToken(stamp) : inServiceToken(stamp);
  return [
    `printf '%s' '{${token},"operator":"YOU","reason":"WHY","time":"'"$(date -u +%FT%TZ)"'"}' > switch.json`,
    ...controls.flatMap((code) => {
      const { region, bucketName } = controlMember(view.fleet, code);
      const object = `--region ${region} --bucket ${bucketName} --key ${switchKey(stamp)}`;
      return [
        `aws s3api head-object ${object} --query ETag --output text  # the ETag, or 404: there is no object yet`,
        `aws s3api put-object ${object} --body switch.json --if-match ETAG  # no object yet: --if-none-match '*'`,
      ];
    }),
  ];
}

function floorLines(view: GroupView, stamp: string, floors: CapacityFloors): string[] {
  const { shape, values } = stampSpec(view, stamp);
  const { names, capacity } = values;
  const target = (service: string, min: number, max: number): string =>
    `aws application-autoscaling register-scalable-target --region ${shape.region} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${names.cluster}/${service} --min-capacity ${min} --max-capacity ${Math.max(min, max)}`;
  return [
    target(names.service, floors.web, capacity.maxTasks),
    ...(floors.worker === undefined
      ? []
      : [target(names.workerService, floors.worker, capacity.workerMaxTasks ?? floors.worker)]),
  ];
}

function lookLines(view: GroupView, condition: Condition): string[] {
  switch (condition.is) {
    case 'switch':
      return condition.controls.map((code) => {
        const { region, bucketName } = controlMember(view.fleet, code);
        return `aws s3 cp --region ${region} s3://${bucketName}/${switchKey(condition.stamp)} -`;
      });
    case 'capacity': {
      const { shape, values } = stampSpec(view, condition.stamp);
      const services = [values.names.service, ...(condition.floors.worker === undefined ? [] : [values.names.workerService])];
      return [
        `aws ecs describe-services --region ${shape.region} --cluster ${values.names.cluster} --services ${services.join(' ')} --query 'services[].[serviceName,desiredCount,runningCount]' --output table`,
      ];
    }
    case 'global-writer':
    case 'global-reader':
      return [
        `aws rds describe-global-clusters --region ${condition.region} --global-cluster-identifier ${condition.globalCluster} --query 'GlobalClusters[0].[FailoverState,GlobalClusterMembers[].[DBClusterArn,IsWriter]]'`,
      ];
    case 'stands-alone':
      return [
        `aws rds describe-db-clusters --region ${condition.region} --db-cluster-identifier ${condition.cluster} --query 'DBClusters[0].[Status,GlobalClusterIdentifier]'`,
      ];
    case 'writable':
    case 'healthy': {
      const { shape, values } = stampSpec(view, condition.stamp);
      return [
        `aws lambda invoke --region ${shape.region} --function-name ${values.names.healthFunction} --cli-binary-format raw-in-base64-out --payload '{"door":"operator"}' /dev/stdout`,
      ];
    }
    case 'dns':
      return [
        `dig +short ${condition.name}`,
        ...condition.stamps.map((stamp) => `dig +short ${stampSpec(view, stamp).values.recordName}`),
      ];
    default:
      return [];
  }
}

function clusterArn({ group }: GroupView, region: string, cluster: string): string {
  return `arn:aws:rds:${region}:${group.account}:cluster:${cluster}`;
}
