import { enterpriseOf, makeGeolocation, makeSingle, makeWeighted, poolOf } from '../base-config';
import type { FindingCases } from './finding-case';

export const PLACEMENT_CASES = {
  'standby-equals-primary': {
    change: (config) => Object.assign(enterpriseOf(config).placement, { standby: 'use1' }),
    at: 'groups/enterprise.yaml placement.standby',
    says: /primary and standby are both use1/,
  },
  'placement-region-duplicate': {
    change: (config) => Object.assign(poolOf(config).placement, { regions: ['use1', 'usw2', 'euw1', 'use1'] }),
    at: 'groups/pool.yaml placement.regions.3',
    says: /use1 is listed twice/,
  },
  'active-active-single-region': {
    change: (config) => Object.assign(poolOf(config).placement, { regions: ['euw1'] }),
    at: 'groups/pool.yaml placement.regions',
    says: /active-active over euw1 alone/,
  },
  'standby-capacity-zero': {
    change: (config) => Object.assign(enterpriseOf(config).placement, { standbyCapacity: 0 }),
    at: 'groups/enterprise.yaml placement.standbyCapacity',
    says: /standbyCapacity 0% runs no task/,
  },
  'standby-capacity-reduced': {
    change: (config) => Object.assign(enterpriseOf(config).placement, { standbyCapacity: 99 }),
    at: 'groups/enterprise.yaml placement.standbyCapacity',
    says: /standbyCapacity 99%/,
  },
  'single-region-group': {
    change: (config) => {
      makeSingle(poolOf(config), 'euw1');
    },
    at: 'groups/pool.yaml placement.mode',
    says: /pool lives in euw1 only/,
  },
  'weight-missing': {
    change: (config) => {
      makeWeighted(config, { use1: 1, usw2: 1 });
    },
    at: 'groups/pool.yaml placement.routing.weights',
    says: /euw1 has no weight/,
  },
  'weight-not-member': {
    change: (config) => {
      makeWeighted(config, { use1: 1, usw2: 1, euw1: 1, use2: 7 });
    },
    at: 'groups/pool.yaml placement.routing.weights.use2',
    says: /use2 has weight 7/,
  },
  'weight-out-of-range': {
    change: (config) => {
      makeWeighted(config, { use1: 256, usw2: 1, euw1: 1 });
    },
    at: 'groups/pool.yaml placement.routing.weights.use1',
    says: /weight 256 of use1/,
  },
  'weights-all-zero': {
    change: (config) => {
      makeWeighted(config, { use1: 0, usw2: 0, euw1: 0 });
    },
    at: 'groups/pool.yaml placement.routing.weights',
    says: /every weight is 0/,
  },
  'weight-zero': {
    change: (config) => {
      makeWeighted(config, { use1: 1, usw2: 0, euw1: 1 });
    },
    at: 'groups/pool.yaml placement.routing.weights.usw2',
    says: /usw2 has weight 0/,
  },
  'geolocation-default-not-member': {
    change: (config) => {
      makeGeolocation(config, { use1: ['continent:NA'], usw2: ['continent:AS'], euw1: ['continent:EU'] }, 'use2');
    },
    at: 'groups/pool.yaml placement.routing.default',
    says: /the default use2/,
  },
  'geolocation-region-not-member': {
    change: (config) => {
      makeGeolocation(config, { usw2: ['continent:AS'], euw1: ['continent:EU'], use2: ['continent:AF'] });
    },
    at: 'groups/pool.yaml placement.routing.areas.use2',
    says: /use2 serves areas/,
  },
  'geolocation-area-invalid': {
    change: (config) => {
      makeGeolocation(config, { usw2: ['continent:AS'], euw1: ['country:UK'] });
    },
    at: 'groups/pool.yaml placement.routing.areas.euw1.0',
    says: /"country:UK"/,
  },
  'geolocation-area-claimed-twice': {
    change: (config) => {
      makeGeolocation(config, { usw2: ['continent:AS'], euw1: ['continent:EU', 'continent:AS'] });
    },
    at: 'groups/pool.yaml placement.routing.areas.euw1.1',
    says: /continent:AS is served by usw2 and by euw1/,
  },
  'geolocation-region-idle': {
    change: (config) => {
      makeGeolocation(config, { euw1: ['continent:EU'], usw2: [] });
    },
    at: 'groups/pool.yaml placement.routing.areas',
    says: /usw2 serves no area/,
  },
} satisfies FindingCases;

export const NETWORK_CASES = {
  'cidr-invalid': {
    change: (config) => config.network.reserved.push('10.201.0.1/16'),
    at: 'fleet.yaml network.reserved.1',
    says: /"10\.201\.0\.1\/16"/,
  },
  'reserved-ranges-overlap': {
    change: (config) => config.network.reserved.push('10.200.128.0/17'),
    at: 'fleet.yaml network.reserved.1',
    says: /10\.200\.128\.0\/17 overlaps 10\.200\.0\.0\/16/,
  },
  'pool-exhausted': {
    // A /16 has sixteen /20; one is buried (10.1 is outside), so reserve all but four.
    change: (config) => {
      config.network.pool = '10.0.0.0/16';
      config.network.reserved = ['10.0.64.0/18', '10.0.128.0/17'];
    },
    noLock: true,
    also: ['lock-missing'],
    at: 'fleet.yaml network.pool',
    says: /room for 4 more stamps of \/20 .* 5 are wanted/,
  },
  'pool-smaller-than-stamp': {
    change: (config) => Object.assign(config.network, { pool: '10.0.0.0/15', stampPrefix: 14, reserved: [] }),
    at: 'fleet.yaml network.stampPrefix',
    says: /a stamp takes a \/14/,
  },
  'transit-gateway-missing': {
    change: (config) =>
      Object.assign(enterpriseOf(config).network, { transitCidrs: ['172.20.0.0/16'], transitGateways: { use1: 'tgw-1' } }),
    at: 'groups/enterprise.yaml network.transitGateways',
    says: /172\.20\.0\.0\/16 is routed to a transit gateway, and usw2 has none/,
  },
  'transit-gateway-not-member': {
    change: (config) =>
      Object.assign(enterpriseOf(config).network, {
        transitCidrs: ['172.20.0.0/16'],
        transitGateways: { use1: 'tgw-1', usw2: 'tgw-2', euw1: 'tgw-3' },
      }),
    at: 'groups/enterprise.yaml network.transitGateways.euw1',
    says: /euw1, which holds no stamp/,
  },
  'transit-gateway-idle': {
    change: (config) => (enterpriseOf(config).network.transitGateways = { use1: 'tgw-1', usw2: 'tgw-2' }),
    at: 'groups/enterprise.yaml network.transitGateways',
    says: /given for use1, usw2, and no range/,
  },
  'transit-cidr-inside-stamp': {
    change: (config) =>
      Object.assign(enterpriseOf(config).network, {
        transitCidrs: ['10.0.0.0/24'],
        transitGateways: { use1: 'tgw-1', usw2: 'tgw-2' },
      }),
    at: 'groups/enterprise.yaml network.transitCidrs.0',
    says: /10\.0\.0\.0\/24 lies inside the addresses of enterprise-use1/,
  },
  'transit-default-route': {
    change: (config) =>
      Object.assign(enterpriseOf(config).network, {
        transitCidrs: ['0.0.0.0/0'],
        transitGateways: { use1: 'tgw-1', usw2: 'tgw-2' },
      }),
    at: 'groups/enterprise.yaml network.transitCidrs.0',
    says: /0\.0\.0\.0\/0 is routed to the transit gateway while egress is nat/,
  },
  'dependency-unreachable': {
    change: (config) => (enterpriseOf(config).network.egress = 'endpoints-only'),
    at: 'groups/enterprise.yaml health.dependencies.0.url',
    says: /"payments-api" at payments\.example\.com cannot be reached/,
  },
} satisfies FindingCases;

export const HEALTH_CASES = {
  'dependency-name-duplicate': {
    change: (config) =>
      enterpriseOf(config).health.dependencies.push({ name: 'payments-api', url: 'https://other.example.com/', shared: true }),
    at: 'groups/enterprise.yaml health.dependencies.1.name',
    says: /"payments-api"/,
  },
  'dependency-url-invalid': {
    change: (config) => (enterpriseOf(config).health.dependencies[0]!.url = 'payments.example.com'),
    at: 'groups/enterprise.yaml health.dependencies.0.url',
    says: /"payments\.example\.com", which cannot be probed/,
  },
  'dependency-not-https': {
    change: (config) => (enterpriseOf(config).health.dependencies[0]!.url = 'http://payments.example.com/healthz'),
    at: 'groups/enterprise.yaml health.dependencies.0.url',
    says: /over http/,
  },
  'dependency-local-address': {
    change: (config) => (enterpriseOf(config).health.dependencies[0]!.url = 'https://169.254.169.254/latest'),
    at: 'groups/enterprise.yaml health.dependencies.0.url',
    says: /169\.254\.169\.254 is the machine of the prober/,
  },
  'dependency-private-address': {
    change: (config) => (enterpriseOf(config).health.dependencies[0]!.url = 'https://172.20.1.5/healthz'),
    at: 'groups/enterprise.yaml health.dependencies.0.url',
    says: /172\.20\.1\.5 is a private address/,
  },
  'dependency-not-marked-shared': {
    change: (config) => (enterpriseOf(config).health.dependencies[0]!.shared = false),
    at: 'groups/enterprise.yaml health.dependencies.0.shared',
    says: /\(use1, usw2\) probes payments\.example\.com/,
  },
  'writer-grace-too-short': {
    change: (config) => (enterpriseOf(config).failover.writerGrace = 59),
    at: 'groups/enterprise.yaml failover.writerGrace',
    says: /writerGrace 59s/,
  },
  'blocked-cidr-everything': {
    change: (config) => (enterpriseOf(config).edge.blockedCidrs = ['0.0.0.0/0']),
    at: 'groups/enterprise.yaml edge.blockedCidrs.0',
    says: /0\.0\.0\.0\/0 blocks everybody/,
  },
  'blocked-cidr-broad': {
    change: (config) => (enterpriseOf(config).edge.blockedCidrs = ['128.0.0.0/7']),
    at: 'groups/enterprise.yaml edge.blockedCidrs.0',
    says: /128\.0\.0\.0\/7 blocks 33554432 addresses/,
  },
  'blocked-cidr-checkers': {
    change: (config) => enterpriseOf(config).edge.blockedCidrs.push('54.244.52.200/32'),
    at: 'groups/enterprise.yaml edge.blockedCidrs.1',
    says: /54\.244\.52\.200\/32 holds Route 53 health checkers \(54\.244\.52\.192\/26/,
  },
  'oidc-incomplete': {
    change: (config) => (enterpriseOf(config).edge.oidc!.clientId = ' '),
    at: 'groups/enterprise.yaml edge.oidc.clientId',
    says: /oidc\.clientId is empty/,
  },
  'oidc-not-https': {
    change: (config) => (enterpriseOf(config).edge.oidc!.tokenEndpoint = 'http://id.example.com/token'),
    at: 'groups/enterprise.yaml edge.oidc.tokenEndpoint',
    says: /"http:\/\/id\.example\.com\/token" is no https URL/,
  },
  'client-keep-alive-out-of-range': {
    change: (config) => (enterpriseOf(config).edge.clientKeepAlive = 59),
    at: 'groups/enterprise.yaml edge.clientKeepAlive',
    says: /clientKeepAlive 59s is refused/,
  },
  'client-keep-alive-above-rto': {
    change: (config) => (enterpriseOf(config).edge.clientKeepAlive = 3600),
    at: 'groups/enterprise.yaml edge.clientKeepAlive',
    says: /for 1h, longer than the availability rto of 20m/,
  },
} satisfies FindingCases;
