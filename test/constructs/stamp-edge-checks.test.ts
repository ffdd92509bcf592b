import { App, Stack, aws_certificatemanager as acm } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import type { StampEdgeProps } from '../../lib/constructs/stamp-edge';
import { synthesize } from '../support/synth';
import { addBareEdge, addExampleEdge, applicationTargets, edgeTemplate, existingVpc, healthTargets } from './stamp-edge-example';

describe('fails', () => {
  test.each<[string, Partial<StampEdgeProps>, RegExp]>([
    ['without certificate', { certificateNames: [] }, /CERTIFICATE_REQUIRED/],
    [
      'for a validated name that is not on the certificate',
      { certificateValidationNames: ['b.shop.example.com'] },
      /VALIDATION_NAME_UNKNOWN/,
    ],
    [
      'for a record in another zone',
      { recordName: 'use1.enterprise.example.org' },
      /RECORD_OUTSIDE_ZONE: .*use1\.enterprise\.example\.org/,
    ],
    ['for a record that only ends like the zone', { recordName: 'workshop.example.com' }, /RECORD_OUTSIDE_ZONE/],
    ['for a rate below what WAF takes', { rateLimitPer5Min: 9 }, /RATE_LIMIT_OUT_OF_RANGE: rateLimitPer5Min 9/],
    ['for a fraction of a request', { rateLimitPer5Min: 10.5 }, /RATE_LIMIT_OUT_OF_RANGE/],
    ['for a tenant rate above what WAF takes', { tenantRateLimitPer5Min: 2_000_000_001 }, /tenantRateLimitPer5Min 2000000001/],
    [
      'for a blocked CIDR around a checker range',
      { blockedCidrs: ['54.228.0.0/16'] },
      /BLOCKED_CIDR_COVERS_CHECKERS: .*54\.228\.0\.0\/16 .*54\.228\.16\.0\/26/,
    ],
    ['for a blocked CIDR inside a checker range', { blockedCidrs: ['15.177.3.9/32'] }, /BLOCKED_CIDR_COVERS_CHECKERS/],
    ['for a blocked CIDR with host bits', { blockedCidrs: ['198.51.100.1/24'] }, /INVALID_CIDR/],
    ['for a blocked IPv6 CIDR', { blockedCidrs: ['2001:db8::/32'] }, /INVALID_CIDR/],
  ])('%s', (_what, props, message) => {
    expect(() => edgeTemplate(props)).toThrow(message);
  });

  test('not for a blocked CIDR beside a checker range, nor for the smallest rate', () => {
    expect(() => edgeTemplate({ blockedCidrs: ['54.228.16.64/26'], rateLimitPer5Min: 10 })).not.toThrow();
  });

  test('for certificate and names together', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack, {
          certificate: acm.Certificate.fromCertificateArn(stack, 'Existing', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
          certificateNames: ['*.shop.example.com'],
        });
      }),
    ).toThrow(/CERTIFICATE_GIVEN_TWICE/);
  });

  test('in a VPC with a single public subnet: AWS makes no such load balancer', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack, { vpc: existingVpc(stack, 1) });
      }),
    ).toThrow(/EDGE_NEEDS_TWO_ZONES/);
  });

  test('in a stack without a concrete Region', () => {
    const stack = new Stack(new App(), 'Agnostic');
    expect(() => addExampleEdge(stack)).toThrow(/REGION_REQUIRED/);
  });

  test.each(['healthz', '/health*', '/health?', '/.stamp', '/.stamp/health', '/health?deep=1', ''])(
    "for the application's health path '%s'",
    (path) => {
      expect(() =>
        synthesize((stack) => {
          const vpc = existingVpc(stack);
          const edge = addBareEdge(stack, vpc);
          edge.forwardTo(applicationTargets(stack, vpc), path);
        }),
      ).toThrow(/HEALTH_PATH_NOT_ALLOWED/);
    },
  );

  test('when the application is attached twice', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack).forwardTo(healthTargets(new Stack(stack, 'Other')), '/');
      }),
    ).toThrow(/EDGE_FORWARDS_ALREADY/);
  });

  test('synth when the application is not attached', () => {
    expect(() =>
      synthesize((stack) => {
        addBareEdge(stack, existingVpc(stack));
      }),
    ).toThrow(/call forwardTo/);
  });
});
