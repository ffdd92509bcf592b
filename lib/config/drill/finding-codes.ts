/** What is reported of a drill specification beyond its schema, with its one-line meaning. Codes are contracts. */
export const DRILL_FINDING_CODES = {
  'drill-file-name': 'a drill file is not named like its drill',
  'drill-group-unknown': 'the group of a drill is not in the fleet',
  'drill-region-unknown': 'a Region that the group of the drill has no stamp in',
  'drill-stamp-unknown': 'a stamp that the group of the drill does not have',
  'drill-zone-unknown': 'a zone that the stamp does not use',
  'drill-step-duplicate': 'two steps have the same id',
  'drill-step-unknown': 'a step is named that does not exist, or not before this one',
  'drill-step-kind': 'a step is named that is of another kind than needed',
  'drill-population-unknown': 'a population is named that the load does not have',
  'drill-population-duplicate': 'two populations have the same name',
  'drill-load-shares': 'reads and messages are more than all of the load',
  'drill-not-allowed': 'the group does not allow drills on AWS',
  'drill-fault-stays': 'a fault on AWS that the drill does not end by itself',
} as const;

/** A code of {@link DRILL_FINDING_CODES}. */
export type DrillFindingCode = keyof typeof DRILL_FINDING_CODES;
