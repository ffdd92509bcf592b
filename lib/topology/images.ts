/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:tag][@digest]`, a private ECR image. */
const PRIVATE_ECR_IMAGE = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/;

/** `{region}` is the user's promise that the image is replicated to every stamp's own Region (design 3, R10). */
export function imageInRegion(image: string, region: string): string {
  return image.replaceAll('{region}', region);
}

/** The repositories that tasks must be allowed to pull from: exactly the image's own, or none when it is not in private ECR. */
export function imageRepositoryArns(image: string): string[] {
  const [, account, region, repository] = PRIVATE_ECR_IMAGE.exec(image) ?? [];
  if (account === undefined || region === undefined || repository === undefined) return [];
  return [`arn:aws:ecr:${region}:${account}:repository/${repository}`];
}
