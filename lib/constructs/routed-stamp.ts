/** How Route 53 chooses between the stamps of a group. Records of one name share one policy: a live name cannot change it in place. */
export enum RoutingPolicy {
  /** The primary, and the secondary while the primary is out of service. Exactly two stamps. */
  FAILOVER = 'failover',
  /** The Region with the lowest latency to the client. */
  LATENCY = 'latency',
  /** By weight. */
  WEIGHTED = 'weighted',
  /** By the client's continent, country or state. */
  GEOLOCATION = 'geolocation',
  /** One stamp that answers everybody. */
  SIMPLE = 'simple',
}

/** One stamp that the group's name may answer with. */
export interface RoutedStamp {
  /** Id such as `enterprise-use1`, given literally: it becomes construct id, set identifier and name of the switch. */
  readonly stampId: string;
  /** AWS Region of the stamp. */
  readonly region: string;
  /** The stamp's own name in the hosted zone, such as `use1.enterprise.shop.example.com`; its record must exist already. */
  readonly recordName: string;
  /**
   * Whether the stamp has the PRIMARY record. Failover routing only.
   *
   * @default false
   */
  readonly primary?: boolean;
  /**
   * Weight from 0 to 255. A stamp of weight 0 answers only when every other one is out of service. Weighted routing only.
   *
   * @default - none; weighted routing needs one for every stamp
   */
  readonly weight?: number;
  /**
   * Areas the stamp answers for: `continent:EU`, `country:DE` or `country:US/state:CA`. Geolocation routing only.
   *
   * @default - none
   */
  readonly areas?: string[];
  /**
   * Whether the stamp answers clients that match no area. Geolocation routing needs exactly one.
   *
   * @default false
   */
  readonly defaultArea?: boolean;
}

/** A {@link SwitchBucket} in one control Region, known by name. */
export interface SwitchLocation {
  /** Short code of the Region, such as `use2`; part of the construct id of its checks. */
  readonly regionCode: string;
  /** AWS Region of the bucket. */
  readonly region: string;
  /** Physical name of the bucket. */
  readonly bucketName: string;
  /**
   * True for a control Region that is being added: its checks are created and collect data, and no verdict depends on them yet,
   * because a new inverted check is unhealthy until it has data (aws-facts 2.3). A later deployment without it attaches them.
   *
   * @default false
   */
  readonly joining?: boolean;
}
