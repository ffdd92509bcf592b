import fc from 'fast-check';
import type { Schedule } from './schedules';

/** Schedules of two operators; small numbers are the quiet ones, so that a failure shrinks to what matters. */
export const scheduleArbitrary: fc.Arbitrary<Schedule> = fc.record({
  tape: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 40 }),
  situation: fc.constantFrom('planned', 'gone', 'versions'),
  second: fc.constantFrom('same', 'back', 'evacuate', 'drain-standby'),
  about: fc.constantFrom('resume', 'supersede'),
  pauseAt: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 })),
  crashAt: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 })),
  lost: fc.nat({ max: 4 }),
  silent: fc.record({
    region: fc.constantFrom('us-west-2', 'us-east-2'),
    from: fc.nat({ max: 200 }),
    turns: fc.nat({ max: 300 }),
  }),
  skew: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  drift: fc.constantFrom(0, -0.02, 0.02, 0.04),
});
