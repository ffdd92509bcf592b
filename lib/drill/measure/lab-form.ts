import type { DrillFault, DrillSpec } from '../../config/drill/types';
import { LAB_FORMS, type LabConditions, type LabForm, USUAL_LAB } from '../../facts/lab-conditions';

/** What the lab's terms depend on when it plays a drill. */
export function drillConditions(spec: Pick<DrillSpec, 'method' | 'load'>, speed: number, slowness: number): LabConditions {
  return { speed, slowness, form: formOf(spec), clientPause: clientPause(spec) };
}

/**
 * The worst form in which a drill's faults take something away. A drill whose faults take nothing away says nothing about it: then the worst
 * form of all holds, as it does without a drill.
 */
export function formOf({ method }: Pick<DrillSpec, 'method'>): LabForm {
  const forms = method.flatMap(({ fault }) => (fault === undefined ? [] : (formOfFault(fault) ?? [])));
  const worst = Math.max(...forms.map((form) => LAB_FORMS.indexOf(form)));
  return LAB_FORMS[worst] ?? USUAL_LAB.form;
}

/** How a fault is felt by whoever needs what it takes away; undefined where it takes nothing away as a whole. */
function formOfFault(fault: DrillFault): LabForm | undefined {
  switch (fault.kind) {
    case 'region-loss':
    case 'stamp-loss':
      return fault.mode;
    // Their processes are ended, and data that is wrong is answered as fast as data that is right.
    case 'az-loss':
    case 'writer-loss':
    case 'data-damage':
      return 'kill';
    case 'region-partition':
    case 'checker-partition':
    case 'client-partition':
      return 'drop';
    case 'slow-replication':
    case 'disk-full':
    case 'poison-messages':
    case 'health-lie':
    case 'traffic-surge':
    case 'bad-deployment':
    case 'operator-crash':
      return undefined;
  }
}

/** Pauses of a client are half as long as its rate says, up to one and a half times as long. */
const LONGEST_PAUSE = 1.5;

/** Seconds that a client of the slowest population lets pass between two requests, at most. */
export function clientPause({ load }: Pick<DrillSpec, 'load'>): number {
  return Math.max(0, ...load.populations.map(({ clients, rate }) => (LONGEST_PAUSE * clients) / rate));
}
