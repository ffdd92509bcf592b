/** The local lab: the fleet of the synthesized templates in miniature, with real parts, on this machine (design 10). */
export { type LabPortsOptions, labPorts } from './adapters/lab-ports';
export { LAB_FAULTS } from './faults/fault-book';
export { type LabOptions, startLab } from './host/start-lab';
export { type LabRecord, cleanCrashed, findLabs } from './host/registry';
export { type LabStatus, type StampStatus, type Supervisor } from './host/supervisor';
export { Lab } from './lab';
export type { LabPlan } from './plan/lab-plan';
