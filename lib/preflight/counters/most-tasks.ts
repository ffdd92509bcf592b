import { allReferenced, numberOf, type Properties, type TemplateReader } from '../template-reader';

/** Tasks of an ECS service when it is scaled out as far as it may: the highest maximum of its scalable targets, or what is written. */
export function mostTasks(template: TemplateReader, service: string, properties: Properties): number {
  const scaled = template
    .ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .filter((target) => allReferenced(target.properties['ResourceId']).includes(service))
    .map((target) => numberOf(target.properties['MaxCapacity']) ?? 0);
  return scaled.length > 0 ? Math.max(...scaled) : (numberOf(properties['DesiredCount']) ?? 1);
}
