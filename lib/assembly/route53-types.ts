/**
 * Records and health checks in the words of the Route 53 API, exactly as `aws route53 list-resource-record-sets` and
 * `list-health-checks` print them. Templates are read into these types too, so the model of the answers has one input.
 */

export interface ResourceRecordSet {
  /** Fully qualified, with or without the final dot; `\052` stands for a leading `*`. */
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
  readonly Weight?: number;
  readonly Region?: string;
  readonly GeoLocation?: {
    readonly ContinentCode?: string;
    /** `*` is the default location. */
    readonly CountryCode?: string;
    readonly SubdivisionCode?: string;
  };
  readonly GeoProximityLocation?: {
    readonly AWSRegion?: string;
    readonly LocalZoneGroup?: string;
    /** Degrees, as text with up to two decimals. */
    readonly Coordinates?: { readonly Latitude: string; readonly Longitude: string };
    /** From -99 to 99. */
    readonly Bias?: number;
  };
  readonly CidrRoutingConfig?: { readonly CollectionId: string; readonly LocationName: string };
  readonly Failover?: 'PRIMARY' | 'SECONDARY';
  readonly MultiValueAnswer?: boolean;
  /** Seconds; absent on alias records. */
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: {
    readonly HostedZoneId: string;
    readonly DNSName: string;
    readonly EvaluateTargetHealth: boolean;
  };
  readonly HealthCheckId?: string;
}

export interface HealthCheck {
  readonly Id: string;
  readonly HealthCheckConfig: HealthCheckConfig;
}

export interface HealthCheckConfig {
  readonly Type:
    'HTTP' | 'HTTPS' | 'HTTP_STR_MATCH' | 'HTTPS_STR_MATCH' | 'TCP' | 'CALCULATED' | 'CLOUDWATCH_METRIC' | 'RECOVERY_CONTROL';
  readonly IPAddress?: string;
  readonly Port?: number;
  readonly ResourcePath?: string;
  readonly FullyQualifiedDomainName?: string;
  readonly SearchString?: string;
  /** Seconds between two probes of one checker: 10 or 30. */
  readonly RequestInterval?: number;
  readonly FailureThreshold?: number;
  readonly MeasureLatency?: boolean;
  readonly Inverted?: boolean;
  readonly Disabled?: boolean;
  /** CALCULATED: how many children must be healthy. */
  readonly HealthThreshold?: number;
  readonly ChildHealthChecks?: readonly string[];
  readonly EnableSNI?: boolean;
  /** Locations that probe; absent means all of them. */
  readonly Regions?: readonly string[];
  readonly AlarmIdentifier?: { readonly Region: string; readonly Name: string };
  readonly InsufficientDataHealthStatus?: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
  readonly RoutingControlArn?: string;
}
