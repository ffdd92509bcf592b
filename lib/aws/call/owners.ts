import type { Fleet } from '../../topology/types';

/** In which account things are: the fleet's own, or the one that a group has for itself. */
export interface Owners {
  /** Account of switches and control table. */
  readonly fleet: string;
  /** Every account of the fleet, sorted. */
  readonly accounts: readonly string[];
  /** Account of a group; the fleet's own for one that is not known. */
  group(name: string): string;
  /** Account of a resource that carries the group in its name, as all of them do, restored ones too. */
  resource(name: string): string;
}

export function ownersOf(fleet: Pick<Fleet, 'name' | 'account' | 'groups'>): Owners {
  // The longest first: `pool` must not answer for `pool-eu`.
  const groups = [...fleet.groups].sort((a, b) => b.name.length - a.name.length);
  const parameters = `/stampkit/${fleet.name}/`;
  return {
    fleet: fleet.account,
    accounts: [...new Set([fleet.account, ...groups.map((group) => group.account)])].sort(),
    group: (name) => groups.find((group) => group.name === name)?.account ?? fleet.account,
    resource: (name) => {
      const bare = name.startsWith(parameters) ? `${fleet.name}-${name.slice(parameters.length)}` : name;
      // Restore testing plans take no hyphens, and groups no underscores.
      const plain = bare.replaceAll('_', '-');
      const owner = groups.find((group) => {
        const beginning = `${fleet.name}-${group.name}`;
        return plain.startsWith(beginning) && ['', '-', '.', '/'].includes(plain.charAt(beginning.length));
      });
      return owner?.account ?? fleet.account;
    },
  };
}
