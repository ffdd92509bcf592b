/** A small drill that is right. */
export const DRILL = `schemaVersion: 1
drill: demo
description: The Region is lost, somebody promotes the other one.
group: web
load:
  populations:
    - { name: new-york, near: use1, rate: 10 }
method:
  - id: lose
    fault: { kind: region-loss, region: use1 }
  - id: failover
    when: { is: failing, population: new-york }
    operation: { do: failover, to: usw2, allowDataLoss: true }
expect: { rto: 5m }
rollbacks:
  - id: back
    undoes: failover
    operation: { do: return, stamp: web-use1 }
`;
