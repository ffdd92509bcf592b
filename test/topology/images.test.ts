import { describe, expect, test } from 'vitest';
import { imageInRegion, imageRepositoryArns } from '../../lib/topology/images';

describe('images', () => {
  test('{region} becomes the stamp’s own Region, wherever it stands', () => {
    expect(imageInRegion('111111111111.dkr.ecr.{region}.amazonaws.com/shop/{region}:1', 'eu-west-1')).toBe(
      '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/eu-west-1:1',
    );
  });

  const arn = 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/web';
  test.each([
    ['a tag', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2', [arn]],
    ['a digest', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:0123', [arn]],
    ['both', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1@sha256:0123', [arn]],
    ['neither', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web', [arn]],
    ['the FIPS endpoint', '111111111111.dkr.ecr-fips.eu-west-1.amazonaws.com/shop/web:1', [arn]],
    ['public ECR', 'public.ecr.aws/docker/library/nginx:1', []],
    ['Docker Hub', 'nginx:1', []],
    ['a host that only looks like ECR', '111111111111.dkr.ecr.eu-west-1.amazonaws.com.example.com/shop/web:1', []],
  ])('tasks may pull from exactly the repository of an image with %s', (_name, image, arns) => {
    expect(imageRepositoryArns(image)).toEqual(arns);
  });
});
