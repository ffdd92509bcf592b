import type { Finding } from '../../findings';
import type { GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberRegions, report } from './context';
import { reachesInternet } from './network';

const ECR_HOST = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+|\{region\})\.amazonaws\.com$/;

/** Container images: a Region that starts tasks must not need another Region, or anybody else, for it (R10). */
export function checkImages(group: GroupConfig, context: CheckContext): Finding[] {
  const { compute, worker } = group;
  return [
    ...checkImage(group, 'compute', compute.image, context),
    ...(worker === undefined ? [] : checkImage(group, 'worker', worker.image, context)),
  ];
}

function checkImage(group: GroupConfig, part: 'compute' | 'worker', image: string, context: CheckContext): Finding[] {
  const where = groupPlace(group, part, 'image');
  const findings: Finding[] = [];
  const unknown = [...image.matchAll(/\{[^}]*\}/g)]
    .map(([placeholder]) => placeholder)
    .find((placeholder) => placeholder !== '{region}');
  if (unknown !== undefined) {
    const message = `"${image}" holds ${unknown}, which stands for nothing`;
    return [report('image-placeholder-unknown', where, message, "Write {region}, the stamp's own Region, or the text itself")];
  }
  if (isMoving(image)) {
    const message = `"${image}" names no fixed version: two stamps, or one stamp before and after a failover, may run different code`;
    findings.push(
      report('image-tag-moving', where, message, 'Write a version tag that is never reused, or better a digest (@sha256:...)'),
    );
  }
  const host = image.slice(0, Math.max(0, image.indexOf('/')));
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  if (account === undefined || region === undefined) return [...findings, ...outside(group, image, where)];
  const members = memberRegions(group, context);
  if (region !== '{region}' && members.some((member) => member !== region)) {
    const message = `"${image}" lives in ${region}, and stamps of ${group.group} start tasks from it in ${members.join(', ')}: they cannot when ${region} is gone`;
    const fix = `Replicate the repository to every Region of the group and write ${image.replace(region, '{region}')}`;
    findings.push(report('image-single-region', where, message, fix));
  }
  if (account !== group.account) {
    const message = `"${image}" lives in account ${account}, the group in ${group.account}`;
    const fix = 'Nothing, if that repository lets this account pull; otherwise add it to the repository policy in every Region';
    findings.push(report('image-other-account', where, message, fix));
  }
  return findings;
}

function outside(group: GroupConfig, image: string, where: Finding['where']): Finding[] {
  if (!reachesInternet(group)) {
    const message = `"${image}" comes from the internet, and the group's network has no way out (egress: endpoints-only)`;
    const fix = `Copy it to ECR and write ${group.account}.dkr.ecr.{region}.amazonaws.com/NAME:TAG`;
    return [report('image-unreachable', where, message, fix)];
  }
  const message = `"${image}" does not live in the stamp's Region: when its registry is down or limits pulls, no stamp starts a task`;
  const fix = `Copy it to ECR in every Region and write ${group.account}.dkr.ecr.{region}.amazonaws.com/NAME:TAG`;
  return [report('image-outside-region', where, message, fix)];
}

/** True for images without tag and digest, and for tags whose content is expected to change. */
function isMoving(image: string): boolean {
  if (image.includes('@sha256:')) return false;
  const tag = /:([\w.-]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}
