import { canonicalJson } from '../canonical';
import { type ControlItem, type ControlTableStore, isPortError, isTransient, type PutCondition } from '../../ports';

/** Rounds over all replicas before a write or read counts as impossible. */
const ROUNDS = 3;

/**
 * The control table through whichever replica answers. Strong consistency makes them one table, so the next Region simply goes on where the
 * last one fell silent, and a lost answer is cleared up by looking.
 */
export class ControlReplicas {
  /** @param regions AWS Regions of the replicas that may be called; one that is known dead is left out by the caller */
  public constructor(
    private readonly store: ControlTableStore,
    private readonly regions: readonly string[],
  ) {}

  /** @throws PortError of the last replica when none answers */
  public async get(pk: string, sk: string): Promise<ControlItem | undefined> {
    return this.somewhere((region) => this.store.get(region, pk, sk));
  }

  /** @throws PortError of the last replica when none answers */
  public async query(pk: string): Promise<readonly ControlItem[]> {
    return this.somewhere((region) => this.store.query(region, pk));
  }

  /**
   * One conditional write. `written` also when the answer was lost and the item is there: bodies are unique to their writer, and
   * a request that arrives late fails its condition.
   *
   * @throws PortError when no replica answers; the write may then have happened
   */
  public async put(item: ControlItem, condition: PutCondition): Promise<'written' | 'refused'> {
    let doubtful = false;
    return this.somewhere(async (region) => {
      try {
        const result = await this.store.put(region, item, condition);
        if (result === 'written' || !doubtful) return result;
      } catch (error) {
        // Asked again in the next Region under the same condition: it can take effect only once, whenever the first arrives.
        doubtful ||= isPortError(error) && error.maybeApplied;
        throw error;
      }
      const live = await this.store.get(region, item.pk, item.sk);
      const ours = live !== undefined && live.version === item.version && canonicalJson(live.body) === canonicalJson(item.body);
      return ours ? 'written' : 'refused';
    });
  }

  private async somewhere<T>(call: (region: string) => Promise<T>): Promise<T> {
    let last: unknown;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const region of this.regions) {
        try {
          return await call(region);
        } catch (error) {
          if (!isTransient(error)) throw error;
          last = error;
        }
      }
    }
    throw last instanceof Error ? last : new Error('the control table has no replica that may be called');
  }
}
