import { cidrSize, cidrsOverlap, parseCidr } from '../../cidr';
import { CHECKER_RANGES, CHECKER_RANGES_AS_OF } from '../../facts/checker-ranges';
import { NUMBER_RANGES } from '../../facts/limits';
import type { Finding } from '../../findings';
import type { GroupConfig, OidcConfig } from '../types';
import { durationText, groupPlace, report, spansRegions } from './context';

const CHECKERS = CHECKER_RANGES.flatMap((text) => {
  const range = parseCidr(text);
  return range === undefined ? [] : [{ text, range }];
});

/** Prefixes shorter than this block more than 16 million addresses: most probably a slip. */
const BROAD_PREFIX = 8;

/** Firewall, sign-in and connections of a group's load balancers. */
export function checkEdge(group: GroupConfig): Finding[] {
  const { blockedCidrs, oidc } = group.edge;
  return [
    ...blockedCidrs.flatMap((text, index) => checkBlocked(group, text, index)),
    ...(oidc === undefined ? [] : checkOidc(group, oidc)),
    ...checkKeepAlive(group),
  ];
}

function checkBlocked(group: GroupConfig, text: string, index: number): Finding[] {
  const where = groupPlace(group, 'edge', 'blockedCidrs', index);
  const range = parseCidr(text);
  if (range === undefined) {
    const message = `"${text}" is not an IPv4 range (the stamps answer on IPv4 only)`;
    return [report('cidr-invalid', where, message, 'Write the first address and a prefix, as in 203.0.113.0/24')];
  }
  if (range.prefix === 0) {
    const message = '0.0.0.0/0 blocks everybody, and WAF refuses it';
    return [report('blocked-cidr-everything', where, message, 'Take a stamp out of service with `stampkit evacuate`')];
  }
  const checkers = CHECKERS.filter((checker) => cidrsOverlap(range, checker.range)).map((checker) => checker.text);
  if (checkers.length > 0) {
    const shown = checkers.slice(0, 3).join(', ') + (checkers.length > 3 ? ` and ${checkers.length - 3} more` : '');
    const message =
      `${text} holds Route 53 health checkers (${shown}, as of ${CHECKER_RANGES_AS_OF}): only the rule that lets them ` +
      'reach /.stamp/* ahead of this one would keep every stamp from looking dead at once';
    return [report('blocked-cidr-checkers', where, message, 'Block narrower ranges that leave the checkers out')];
  }
  if (range.prefix < BROAD_PREFIX) {
    const message = `${text} blocks ${cidrSize(range.prefix)} addresses`;
    return [report('blocked-cidr-broad', where, message, 'Block narrower ranges, unless this is meant')];
  }
  return [];
}

function checkOidc(group: GroupConfig, oidc: OidcConfig): Finding[] {
  return (Object.entries(oidc) as [keyof OidcConfig, string][]).flatMap(([key, value]) => {
    const where = groupPlace(group, 'edge', 'oidc', key);
    if (value.trim() === '') {
      return [report('oidc-incomplete', where, `oidc.${key} is empty`, "Write what the identity provider's metadata page says")];
    }
    if (key === 'clientId' || key === 'clientSecretName' || (URL.canParse(value) && new URL(value).protocol === 'https:'))
      return [];
    const message = `oidc.${key} "${value}" is no https URL: the load balancer sends codes and tokens there`;
    return [report('oidc-not-https', where, message, "Write the https URL of the identity provider's metadata page")];
  });
}

function checkKeepAlive(group: GroupConfig): Finding[] {
  const { clientKeepAlive } = group.edge;
  const { rto } = group.objectives.availability;
  const { min, max } = NUMBER_RANGES.clientKeepAlive;
  const where = groupPlace(group, 'edge', 'clientKeepAlive');
  if (clientKeepAlive < min || clientKeepAlive > max) {
    const message = `clientKeepAlive ${durationText(clientKeepAlive)} is refused by the load balancer`;
    return [report('client-keep-alive-out-of-range', where, message, `Write ${durationText(min)} to ${durationText(max)}`)];
  }
  if (clientKeepAlive <= rto || !spansRegions(group.placement)) return [];
  const message =
    `clients may hold a connection for ${durationText(clientKeepAlive)}, longer than the availability rto of ${durationText(rto)}: ` +
    'those who are connected stay with an evacuated stamp';
  return [report('client-keep-alive-above-rto', where, message, 'Write a fraction of the rto, such as 60s')];
}
