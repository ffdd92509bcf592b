import type { HealthCheck, ResourceRecordSet } from '../route53-types';
import type { CheckerShare, Fact } from './fact';

export interface ParsedHostedZone {
  /** As records refer to it: the literal id, or a symbol when the zone is made in the assembly. */
  readonly hostedZoneId: string;
  /** Without a final dot; absent when templates only know the id. */
  readonly name?: string;
  readonly account: string;
  /** Made by a template of the assembly, whose fact id this is. */
  readonly id?: string;
  readonly privateZone: boolean;
}

/** A record set of a template in the words of the API, with what templates know beyond them. */
export interface ParsedRecord extends Fact, ResourceRecordSet {
  readonly hostedZoneId: string;
  /** What the alias target is, as far as the assembly knows it. */
  readonly alias?: AliasMeaning;
  /** Stamps that answers of this record can lead to, through any depth of aliases; sorted. */
  readonly leadsTo: readonly string[];
}

export type AliasMeaning =
  | { readonly kind: 'load-balancer'; readonly loadBalancerId: string }
  /** Records of the same zone. */
  | { readonly kind: 'records'; readonly name: string }
  /** Neither in the assembly nor a name in one of its zones. */
  | { readonly kind: 'other' };

export interface ParsedHealthCheck extends Fact, HealthCheck {
  /** The `Name` tag. */
  readonly name?: string;
  readonly watches?: CheckTarget;
}

/** What a check looks at, when the assembly makes it. */
export type CheckTarget =
  | {
      /** An object in a bucket: one of stampkit's switches when the key names a stamp. */
      readonly kind: 'switch';
      readonly bucketId: string;
      /** Region of the bucket, whose loss takes the check's endpoint along. */
      readonly region: string;
      readonly key: string;
      /** The stamp that the key names, whether it exists or not. */
      readonly stampId?: string;
      /** Which of the switch's two contents the search string is; `other` means that the switch cannot be seen. */
      readonly token: 'evacuated' | 'in-service' | 'other' | 'none';
      /** Checkers that the bucket's policy lets read the object. */
      readonly readers: CheckerShare;
    }
  | {
      /** A load balancer, by the name of a record that leads to it. */
      readonly kind: 'load-balancer';
      readonly loadBalancerId: string;
      readonly stampId?: string;
      readonly path: string;
      /** Where the listener sends the path; absent when no target group gets it. */
      readonly targetGroupId?: string;
      /** What the web ACL does with the checkers' requests; absent without one. */
      readonly filter?: {
        readonly webAclId: string;
        readonly verdict: 'allowed' | 'blocked' | 'uncertain';
        readonly rule?: string;
      };
    }
  | { readonly kind: 'alarm'; readonly alarmId: string; readonly region: string };
