import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { list, mapping } from './collections';
import { duration } from './durations';
import { cidr, url } from './identifiers';
import { labelName, regionReference } from './names';
import { flag, option, wholeNumber } from './numbers';
import { failure } from './objectives';
import { withRules } from './rules';
import { pattern, Rejection, sentence } from './scalar';

export const failoverSchema = z
  .strictObject({
    traffic: option(['automatic', 'manual']).prefault('automatic').meta({
      description:
        '`automatic`: health checks move traffic. `manual`: only the switch does, and an operator is part of every objective.',
    }),
    promotion: option(['manual'])
      .prefault('manual')
      .meta({ description: 'Who promotes the database of the standby: an operator, with `stampkit failover`.' }),
    standbyServes: option(['reads', 'none'])
      .prefault('reads')
      .meta({ description: 'What a healthy standby answers before it is promoted.' }),
    writerGrace: duration({ range: { min: 10, max: 900 }, example: '90s' })
      .prefault('90s')
      .meta({
        description:
          'How long an unreachable writer only warns; longer than a failover inside the Region (aws-facts 10.3: 60 s).',
      }),
  })
  .meta({ description: 'What moves by itself and what waits for an operator.' });

export const healthSchema = z
  .strictObject({
    dependencies: list(
      z.strictObject({
        name: labelName('a name of a dependency', 63, 'payments-api').meta({ description: 'Name in the health document.' }),
        url: url('an address', 'https://payments.example.com/healthz', ['https', 'http']).meta({
          description: 'Address that answers 2xx when healthy.',
        }),
        shared: flag().meta({
          description:
            '`true`: other stamps use it too, so its failure only warns, or it would take all of them out. `false`: it belongs to this stamp and fails it.',
        }),
      }),
      { max: 20 },
    )
      .prefault([])
      .meta({ description: 'What the stamp needs besides its own parts.' }),
  })
  .meta({ description: 'What the health function looks at besides the stamp’s own parts.' });

const oidcSchema = z
  .strictObject({
    issuer: url('an address', 'https://login.example.com').meta({ description: 'Issuer of the identity provider.' }),
    authorizationEndpoint: url('an address', 'https://login.example.com/authorize').meta({
      description: 'Authorization endpoint.',
    }),
    tokenEndpoint: url('an address', 'https://login.example.com/token').meta({ description: 'Token endpoint.' }),
    userInfoEndpoint: url('an address', 'https://login.example.com/userinfo').meta({ description: 'User info endpoint.' }),
    clientId: sentence('a client id', ['shop']).meta({ description: 'Client id.' }),
    clientSecretName: pattern(
      { title: 'a secret name', maxLength: 512, examples: ['shop/oidc'] },
      /^[A-Za-z0-9/_+=.@-]+$/,
      new Rejection('invalid-value', 'is not the name of a secret', 'use the name of the secret in Secrets Manager, not its ARN'),
    ).meta({ description: 'Name of the Secrets Manager secret, present in the Region of every stamp.' }),
  })
  .meta({ description: 'Sign-in at the load balancer. The health paths stay open.' });

export const edgeSchema = z
  .strictObject({
    rateLimitPer5Min: wholeNumber('requests per 5 minutes', NUMBER_RANGES.rateLimitPer5Min).prefault(2000).meta({
      description: 'Requests per client address and 5 minutes before WAF blocks it.',
    }),
    tenantRateLimitPer5Min: wholeNumber('requests per 5 minutes', NUMBER_RANGES.rateLimitPer5Min)
      .optional()
      .meta({ description: 'Requests that one host name, and so one tenant, may receive in 5 minutes; above it, they get 429.' }),
    blockedCidrs: list(cidr('203.0.113.0/24'), { max: 10_000 })
      .prefault([])
      .meta({ description: 'Client ranges that WAF blocks.' }),
    oidc: oidcSchema.optional(),
    clientKeepAlive: duration({ range: NUMBER_RANGES.clientKeepAlive, example: '60s' }).prefault('60s').meta({
      description:
        'How long clients may keep a connection: as long they stay at a stamp that was evacuated. 60 s is the shortest (aws-facts 6.1).',
    }),
  })
  .meta({ description: 'Load balancer and WAF.' });

const guard = (name: string, meaning: string) =>
  withRules(
    z.strictObject({
      enabled: flag().prefault(true).meta({ description: 'Whether the guard is on.' }),
      reason: sentence('the reason', ['a sandbox']).optional().meta({ description: 'Why it is off; required then.' }),
    }),
    ({ enabled, reason }, report) => {
      if (enabled !== false || reason !== undefined) return;
      report(
        'reason-missing',
        ['enabled'],
        `${name} is switched off without a reason`,
        'add a reason, or remove the line',
        'whole',
      );
    },
  )
    .prefault({})
    .meta({ description: meaning });

export const guardsSchema = z
  .strictObject({
    deletionProtection: guard('deletionProtection', 'Deletion protection of load balancer, database and tables.'),
    terminationProtection: guard('terminationProtection', 'Termination protection of the stacks.'),
  })
  .meta({ description: 'Guards against deletion by accident. Switching one off needs a reason.' });

export const acceptSchema = list(
  z.strictObject({
    failure: failure().meta({
      description: 'A failure: `region:use1`, `az:use1a`, `stamp:pool-use1`, or `pair:A+B`, in the words of `stampkit verify`.',
    }),
    reason: sentence('the reason', ['two Regions at once is out of scope']).meta({
      description: 'Why the group may miss its objective then.',
    }),
  }),
  { max: 100 },
).meta({ description: 'Failures that the group accepts to not survive.' });

export const drillsSchema = z
  .strictObject({
    allowed: flag().prefault(false).meta({
      description:
        'Whether drills may inject faults into the stamps of this group on AWS (docs/drills.md). The lab needs no permission.',
    }),
  })
  .meta({ description: 'Failure drills.' });

export const groupNetworkSchema = z
  .strictObject({
    egress: option(['nat', 'endpoints-only']).prefault('nat').meta({
      description: '`nat`: a NAT gateway per zone. `endpoints-only`: no way out but VPC endpoints.',
    }),
    transitGateways: mapping(
      regionReference(),
      pattern(
        { title: 'a transit gateway id', examples: ['tgw-0123456789abcdef0'] },
        /^tgw-([0-9a-f]{8}|[0-9a-f]{17})$/,
        new Rejection('invalid-value', 'is not a transit gateway id', 'use tgw- and 17 hexadecimal digits'),
      ),
    )
      .prefault({})
      .meta({ description: 'Transit gateway per Region, to join an existing hub and spoke network.' }),
    transitCidrs: list(cidr('172.16.0.0/12'), { max: 50 })
      .prefault([])
      .meta({ description: 'Ranges that are routed to the transit gateway.' }),
  })
  .meta({ description: 'The network of the stamps. Address ranges are allocated by `stampkit lock`.' });
