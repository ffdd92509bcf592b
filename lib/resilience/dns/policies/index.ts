import type { RoutingPolicyName } from '../zone-index';
import type { Policy } from './choice';
import { chooseFailover } from './failover';
import { chooseGeolocation } from './geolocation';
import { chooseGeoproximity } from './geoproximity';
import { chooseIpBased } from './ip-based';
import { chooseLatency } from './latency';
import { chooseMultivalue } from './multivalue';
import { chooseSimple } from './simple';
import { chooseWeighted } from './weighted';

/** Records of different policies under one name are refused by Route 53 (see zone-problems.ts); here they share like simple ones. */
export const POLICIES: Readonly<Record<RoutingPolicyName, Policy>> = {
  simple: chooseSimple,
  failover: chooseFailover,
  weighted: chooseWeighted,
  latency: chooseLatency,
  geolocation: chooseGeolocation,
  geoproximity: chooseGeoproximity,
  'ip-based': chooseIpBased,
  multivalue: chooseMultivalue,
  mixed: chooseSimple,
};
