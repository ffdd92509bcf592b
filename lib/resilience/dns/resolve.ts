import { DNS_ASSUMPTIONS, DNS_ASSUMPTION_NAMES } from './assumptions';
import { AnswerWalk, type Leaf, type Trail } from './answer-walk';
import { type Found, WILDCARD_ASSUMPTION, findRecords } from './find-records';
import { HealthView, type ViewOptions } from './health-view';
import { seenLocation } from './location';
import { canonicalName } from './names';
import { compareText } from '../../order';
import type { DnsAnswer, DnsQuery, DnsState, Resolution, ResolutionStatus } from './types';
import { type Zone, type ZoneInput, indexZone } from './zone-index';

/** CNAMEs that are followed in one answer; resolvers give up at about as many. */
const MAX_CNAMES = 16;

export interface ResolveOptions {
  /** Whether to say how the answer came about; costs about as much as the answer. Default: true. */
  readonly explain?: boolean;
}

/** What Route 53 answers to one question at one moment, and why (aws-facts 1). For many questions use {@link answer}. */
export function resolve(
  zones: ZoneInput,
  query: DnsQuery & { readonly state?: DnsState },
  options: ViewOptions & ResolveOptions = {},
): Resolution {
  return answer(new HealthView(indexZone(zones), query.state, options), query, options);
}

/** What Route 53 answers to one question, given what is healthy. */
export function answer(view: HealthView, query: DnsQuery, { explain = true }: ResolveOptions = {}): Resolution {
  const resolver = new Resolver(view, query, explain);
  return resolver.resolve(canonicalName(query.name), (query.type ?? 'A').toUpperCase());
}

interface Outcome {
  readonly status: ResolutionStatus;
  readonly leaves: readonly Leaf[];
  /** Of a negative answer. */
  readonly ttl?: number;
}

const START: Trail = { probability: 1, depth: 0, via: [], healthy: true, fellOpen: false };

class Resolver {
  private readonly walk: AnswerWalk;

  public constructor(
    private readonly view: HealthView,
    query: DnsQuery,
    explain: boolean,
  ) {
    this.walk = new AnswerWalk(view, seenLocation(query.client), explain);
  }

  public resolve(name: string, type: string): Resolution {
    const { status, leaves, ttl: negativeTtl } = this.ask(name, type, START, 0);
    const answers = mergeLeaves(leaves);
    const longest = answers.reduce<number | undefined>(
      (most, { ttl }) => (ttl === undefined ? most : Math.max(most ?? 0, ttl)),
      undefined,
    );
    const ttl = answers.length > 0 ? longest : negativeTtl;
    const { assumptions, steps, failOpen } = this.walk;
    return {
      status: status === 'answer' && answers.length === 0 ? 'no-data' : status,
      answers,
      ...(ttl !== undefined && { ttl }),
      failOpen,
      path: steps,
      assumptions: DNS_ASSUMPTION_NAMES.filter((key) => assumptions.has(key)).map((key) => ({
        name: key,
        ...DNS_ASSUMPTIONS[key],
      })),
    };
  }

  private ask(name: string, type: string, trail: Trail, hops: number): Outcome {
    const found = findRecords(this.view.index, name, type);
    this.noteFound(found, name, type, trail.depth);
    switch (found.kind) {
      case 'outside':
        return { status: 'outside', leaves: [] };
      case 'delegated':
        return { status: 'delegated', leaves: [] };
      case 'no-data':
      case 'name-error':
        return { status: found.kind, leaves: [], ...negativeTtl(found.zone) };
      case 'records': {
        const leaves = this.walk.choose(found.group, trail);
        if (leaves.length === 0) return { status: 'no-data', leaves, ...negativeTtl(found.group.zone) };
        return found.cname ? this.followCnames(leaves, type, hops) : { status: 'answer', leaves };
      }
    }
  }

  /** A CNAME is an answer of its own: whatever it leads to, there is no way back (aws-facts 1.7). */
  private followCnames(leaves: readonly Leaf[], type: string, hops: number): Outcome {
    const outcomes = leaves.map((leaf): Outcome => {
      const value = leaf.record.set.ResourceRecords?.[0]?.Value;
      const { trail } = leaf;
      if (value === undefined) return { status: 'answer', leaves: [leaf] };
      if (hops >= MAX_CNAMES) {
        this.walk.note('follow CNAME', '1.7', trail.depth, () => `more than ${MAX_CNAMES} CNAMEs: resolvers give up here`);
        return { status: 'no-data', leaves: [] };
      }
      const target = canonicalName(value);
      if (trail.via.some(({ name }) => name === target)) {
        this.walk.note('follow CNAME', '1.7', trail.depth, () => `leads back to ${target}: no answer`);
        return { status: 'no-data', leaves: [] };
      }
      if (findRecords(this.view.index, target, type).kind === 'outside') {
        this.walk.note(
          'follow CNAME',
          '1.7',
          trail.depth,
          () => `leads to ${target}, outside of the zones given: resolvers ask there`,
        );
        return { status: 'answer', leaves: [leaf] };
      }
      this.walk.note('follow CNAME', '1.7', trail.depth, () => `leads to ${target}`);
      return this.ask(target, type, { ...trail, depth: trail.depth + 1, fellOpen: false }, hops + 1);
    });
    const answered = outcomes.find(({ status }) => status === 'answer') ?? outcomes[0];
    return { ...(answered ?? { status: 'no-data' }), leaves: outcomes.flatMap((outcome) => outcome.leaves) };
  }

  private noteFound(found: Found, name: string, type: string, depth: number): void {
    const wildcard = found.kind === 'records' || found.kind === 'no-data' ? found.wildcard : undefined;
    if (wildcard !== undefined || found.kind === 'name-error') this.walk.assume([WILDCARD_ASSUMPTION]);
    this.walk.note('look up', lookupRule(found), depth, () => describeFound(found, name, type));
  }
}

function lookupRule(found: Found): string {
  return found.kind === 'records' && found.wildcard === undefined ? '1.1' : 'RFC 4592';
}

function describeFound(found: Found, name: string, type: string): string {
  switch (found.kind) {
    case 'outside':
      return `no zone given holds ${name}`;
    case 'delegated':
      return `${found.cut} is delegated to ${found.servers.join(', ')}: that zone answers`;
    case 'no-data':
      return `${found.detail}: no answer (NODATA)`;
    case 'name-error':
      return `${found.detail}: the name does not exist (NXDOMAIN)`;
    case 'records': {
      const { group, cname, wildcard } = found;
      const count = `${group.records.length} ${group.policy} record${group.records.length === 1 ? '' : 's'}`;
      return `${wildcard === undefined ? name : `${name} by ${wildcard}`} ${cname ? `has no ${type}, but CNAME` : type}: ${count}`;
    }
  }
}

/** Seconds that resolvers keep a negative answer: the smaller of the SOA record's TTL and its last field (RFC 2308). */
function negativeTtl({ apex, names }: Zone): { readonly ttl?: number } {
  const soa = apex === undefined ? undefined : names.get(apex)?.get('SOA')?.records[0]?.set;
  const minimum = Number(soa?.ResourceRecords?.[0]?.Value.trim().split(/\s+/).at(-1));
  if (soa?.TTL === undefined || !Number.isFinite(minimum)) return {};
  return { ttl: Math.min(soa.TTL, minimum) };
}

/** One answer for each record, however many ways lead to it with the same identifier. */
function mergeLeaves(leaves: readonly Leaf[]): DnsAnswer[] {
  const all = leaves.map(answerOf);
  if (all.length < 2) return all;
  const merged = new Map<string, DnsAnswer>();
  all.forEach((one, index) => {
    const leaf = leaves[index];
    const key = [
      leaf?.record.group.zone.id,
      one.record,
      leaf?.record.group.type,
      leaf?.record.label,
      one.setIdentifier,
      one.healthy,
    ].join('\n');
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, one);
      return;
    }
    const ttl = known.ttl === undefined || one.ttl === undefined ? (known.ttl ?? one.ttl) : Math.max(known.ttl, one.ttl);
    merged.set(key, { ...known, probability: known.probability + one.probability, ...(ttl !== undefined && { ttl }) });
  });
  return [...merged.values()].sort(
    (a, b) =>
      b.probability - a.probability ||
      compareText(a.setIdentifier ?? '', b.setIdentifier ?? '') ||
      compareText(a.record, b.record),
  );
}

function answerOf({ record: { alias, set, group }, trail }: Leaf): DnsAnswer {
  const setIdentifier = trail.via.findLast((step) => step.setIdentifier !== undefined)?.setIdentifier;
  return {
    ...(setIdentifier !== undefined && { setIdentifier }),
    record: group.name,
    ...(alias?.kind === 'resource'
      ? { alias: aliasName(set.AliasTarget?.DNSName) }
      : { values: (set.ResourceRecords ?? []).map(({ Value }) => Value) }),
    probability: trail.probability,
    healthy: trail.healthy,
    ...(trail.ttl !== undefined && { ttl: trail.ttl }),
    via: trail.via,
  };
}

/** As it was given: symbols of an assembly are not in lower case. */
function aliasName(dnsName = ''): string {
  return dnsName.replace(/\.$/, '');
}
