import { describeContract } from '../contract/contract';
import { motoScene } from '../contract/moto-scene';

const BACKUP = 'moto has vaults, and neither recovery points nor restores';
const PLANS = 'moto has no restore testing';
const FUNCTIONS = 'moto runs functions in Docker only';
const REPLICAS = 'moto has no replicas: a table is in one Region';

describeContract({
  name: 'moto',
  make: motoScene,
  lacks: {
    time: 'moto does everything at once',
    outage: 'moto’s Regions do not fail',
  },
  cannot: {
    'databases: a global cluster has its members sorted by Region, one of them the writer':
      'moto does not say whether a member is in step',
    'databases: while the writer changes, another change is invalid': 'moto has no FailoverGlobalCluster',
    'tables: a table has all its replicas, the asked one included, sorted by Region': REPLICAS,
    'tables: a strongly consistent table says so': REPLICAS,
    'controlTable: one table in every Region: a write is there for all at once, and the first one wins': REPLICAS,
    'capacity: bounds, what is wanted and what runs': 'moto’s services run no tasks',
    'backups: points of a vault come newest first, with their resource, lock and whether they are copies': BACKUP,
    'backups: a plan that has never tested says nothing': PLANS,
    'backups: live data is in the backup plan of its own stamp, and what is not there in none': REPLICAS,
    'backups: started twice it is one restore: aurora': BACKUP,
    'backups: started twice it is one restore: dynamodb': BACKUP,
    'backups: a name that somebody else has is a conflict': BACKUP,
    'backups: after the end of the lease nothing is sent': BACKUP,
    'queues: dead letters go back into their own queue': 'moto has no message move tasks',
    'probes: the function of a stamp says its role': FUNCTIONS,
  },
});
