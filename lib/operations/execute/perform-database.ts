import type { Action } from '../plan';
import type { RunContext } from './context';
import type { Pace, Performed } from './perform';

type DatabaseAction = Extract<
  Action,
  {
    do:
      | 'switchover'
      | 'failover'
      | 'detach'
      | 'create-global'
      | 'add-member'
      | 'add-instances'
      | 'start-restore'
      | 'add-replica'
      | 'create-strong'
      | 'copy-items'
      | 'delete-restored';
  }
>;

/**
 * The calls that change databases. Each is asked for only when its postconditions do not hold; one that is under way already is
 * left alone, so that a resumed run does not start it twice.
 */
export async function performDatabase(action: DatabaseAction, run: RunContext, pace: Pace): Promise<Performed> {
  const { databases, tables, backups } = run.ports;
  switch (action.do) {
    case 'switchover':
    case 'failover': {
      const { region, globalCluster, cluster } = action;
      const live = await databases.global(region, globalCluster);
      if (live?.failover?.toRegion === region) return { detail: `${live.failover.status} was under way` };
      const guard = run.hold.guard();
      await (action.do === 'switchover'
        ? databases.switchover({ region, writerRegion: action.from, globalCluster, cluster, guard })
        : databases.failover({ region, globalCluster, cluster, guard }));
      return {};
    }
    case 'detach': {
      const { region, globalCluster, cluster } = action;
      if ((await databases.cluster(region, cluster))?.globalCluster === undefined) return { detail: 'was detached already' };
      await databases.removeFromGlobal({ region, globalCluster, cluster, guard: run.hold.guard() });
      return {};
    }
    case 'create-global': {
      const { region, globalCluster, cluster } = action;
      if ((await databases.global(region, globalCluster)) !== undefined) return { detail: 'was being made' };
      await databases.createGlobal({ region, globalCluster, cluster, guard: run.hold.guard() });
      return {};
    }
    case 'add-member': {
      const { region, globalCluster, cluster, like, restore } = action;
      if ((await databases.cluster(region, cluster)) !== undefined) return { detail: 'was being made' };
      await databases.addMember({
        region,
        globalCluster,
        cluster,
        like,
        guard: run.hold.guard(),
        ...(restore !== undefined && { restore }),
      });
      return {};
    }
    case 'add-instances': {
      const { region, cluster, like } = action;
      const live = await databases.cluster(region, cluster);
      if (live !== undefined && live.instances.length > 0) return { detail: 'were being made' };
      await databases.addInstances({ region, cluster, like, guard: run.hold.guard() });
      return {};
    }
    case 'start-restore': {
      const { region, engine, source, target, like, restore } = action;
      if ((await backups.job(region, target)) !== undefined) return { detail: 'was under way' };
      await backups.start({ region, engine, source, target, like, restore, guard: run.hold.guard() });
      return {};
    }
    case 'add-replica': {
      const { region, table, replica } = action;
      const live = await tables.describe(region, table);
      if (live?.replicas.some((each) => each.region === replica) === true) return { detail: 'was being added' };
      await tables.addReplica({ region, table, replica, guard: run.hold.guard() });
      return {};
    }
    case 'create-strong': {
      const { region, table, like, replicas, witness, restore } = action;
      if ((await tables.describe(region, table)) !== undefined) return { detail: 'was being made' };
      const guard = run.hold.guard();
      await tables.createStrong({ region, table, like, replicas, restore, guard, ...(witness !== undefined && { witness }) });
      return {};
    }
    case 'copy-items': {
      const { region, from, to } = action;
      for (;;) {
        await pace.next();
        const { copied, done } = await tables.copy({ region, from, to, guard: run.hold.guard() });
        if (done) return { detail: `${copied} items copied`, data: { copied } };
      }
    }
    case 'delete-restored': {
      const { region, engine, resource, restore } = action;
      const guard = run.hold.guard();
      if (engine === 'aurora') {
        if ((await databases.cluster(region, resource)) !== undefined)
          await databases.deleteRestored({ region, cluster: resource, restore, guard });
      } else if ((await tables.describe(region, resource)) !== undefined) {
        await tables.deleteRestored({ region, table: resource, restore, guard });
      }
      return {};
    }
  }
}
