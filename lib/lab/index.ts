/** The local lab: the fleet of the synthesized templates in miniature, with real parts, on this machine (design 10). */
export { type LabOptions, startLab } from './host/start-lab';
export { type LabRecord, cleanCrashed, findLabs } from './host/registry';
export { type LabStatus, type StampStatus, Supervisor } from './host/supervisor';
export { call } from './net/rpc';
export { readFleet } from '../assembly/parse-fleet';
