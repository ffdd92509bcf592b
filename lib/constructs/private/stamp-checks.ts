import { Token } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { StampError } from '../../errors';
import { HEALTH_CHECK_FAILURE_THRESHOLD, HEALTH_CHECK_INTERVAL } from '../../facts/health-check-timing';
import { NAME_LIMITS } from '../../facts/limits';
import { QUOTAS } from '../../facts/quotas';
import { evacuatedToken, switchKey } from '../../topology/names';

const HTTPS_PORT = 443;

/** Children of one calculated check; the guide says 255, the API 256 (aws-facts 2.6). */
const MAX_CHILDREN = QUOTAS.childrenPerCalculatedCheck.defaultValue;
/** Search string, path and domain name of a check (aws-facts 2.1). */
const MAX_LENGTH = NAME_LIMITS.healthCheckSearchString.max;

/** One switch bucket as a stamp's checks see it. */
export interface SwitchSource {
  readonly regionCode: string;
  readonly region: string;
  readonly bucketName: string;
  readonly joining: boolean;
}

export interface StampChecksProps {
  readonly stampId: string;
  /** The stamp's own name, never the one that the checks guard. */
  readonly recordName: string;
  readonly healthPath: string;
  readonly switches: readonly SwitchSource[];
  /** False leaves the deep check out of the verdict. */
  readonly automaticTraffic: boolean;
}

/** The three kinds of checks of one stamp (design 7): deep, one switch per control Region, and the calculated verdict over them. */
export class StampChecks extends Construct {
  /** Does the stamp answer `/.stamp/health`? */
  public readonly deep: route53.CfnHealthCheck;
  /** One per control Region whose switches count, in the given order: unhealthy only while the switch says evacuated. */
  public readonly switches: readonly route53.CfnHealthCheck[];
  /** Checks of joining control Regions: they collect data and nobody listens. */
  public readonly joiningSwitches: readonly route53.CfnHealthCheck[];
  /** The verdict that the records follow. */
  public readonly inService: route53.CfnHealthCheck;

  public constructor(scope: Construct, id: string, props: StampChecksProps) {
    super(scope, id);
    this.deep = new route53.CfnHealthCheck(this, 'Deep', {
      healthCheckConfig: {
        type: 'HTTPS',
        fullyQualifiedDomainName: checkedLength(props.recordName, 'name of the stamp'),
        port: HTTPS_PORT,
        resourcePath: checkedLength(props.healthPath, 'health path'),
        requestInterval: HEALTH_CHECK_INTERVAL,
        failureThreshold: HEALTH_CHECK_FAILURE_THRESHOLD,
        measureLatency: false,
        enableSni: true,
      },
      healthCheckTags: [{ key: 'Name', value: `${props.stampId} deep` }],
    });
    const checkOf = (source: SwitchSource): route53.CfnHealthCheck => this.createSwitchCheck(props.stampId, source);
    this.switches = props.switches.filter(({ joining }) => !joining).map(checkOf);
    this.joiningSwitches = props.switches.filter(({ joining }) => joining).map(checkOf);

    const children = [...(props.automaticTraffic ? [this.deep] : []), ...this.switches];
    if (children.length > MAX_CHILDREN) {
      throw new StampError(
        'CALCULATED_CHECK_CHILDREN',
        `the verdict over ${props.stampId} would follow ${children.length} checks, and Route 53 calculates over ${MAX_CHILDREN}`,
        'Use fewer control Regions',
      );
    }
    this.inService = new route53.CfnHealthCheck(this, 'InService', {
      healthCheckConfig: {
        type: 'CALCULATED',
        childHealthChecks: children.map((check) => check.attrHealthCheckId),
        healthThreshold: children.length,
      },
      healthCheckTags: [{ key: 'Name', value: `${props.stampId} in service` }],
    });
  }

  /**
   * The string is searched in the switch object, and the outcome inverted: found means unhealthy. Everything else, no object, 403,
   * 5xx, an unreachable Region, fails the match and keeps the stamp in service (design 7).
   */
  private createSwitchCheck(stampId: string, source: SwitchSource): route53.CfnHealthCheck {
    return new route53.CfnHealthCheck(this, `Switch-${source.regionCode}`, {
      healthCheckConfig: {
        type: 'HTTPS_STR_MATCH',
        fullyQualifiedDomainName: checkedLength(
          `${source.bucketName}.s3.${source.region}.amazonaws.com`,
          'name of the switch bucket',
        ),
        port: HTTPS_PORT,
        resourcePath: `/${switchKey(stampId)}`,
        searchString: checkedLength(evacuatedToken(stampId), 'evacuated token'),
        inverted: true,
        requestInterval: HEALTH_CHECK_INTERVAL,
        failureThreshold: HEALTH_CHECK_FAILURE_THRESHOLD,
        measureLatency: false,
        enableSni: true,
      },
      healthCheckTags: [{ key: 'Name', value: `${stampId} switch ${source.regionCode}` }],
    });
  }
}

function checkedLength(value: string, what: string): string {
  if (!Token.isUnresolved(value) && value.length > MAX_LENGTH) {
    throw new StampError('HEALTH_CHECK_LENGTH', `the ${what} ${value} is longer than ${MAX_LENGTH} characters`, 'Shorten it');
  }
  return value;
}
