import { expect } from 'vitest';
import { CAPACITY_TIMES } from '../../fakes/capacity';
import { COMPUTE_TIMES } from '../../wire/services/compute-state';
import { type Behaviour, expired, GUARD, refOf } from '../scene';

const START = Math.max(CAPACITY_TIMES.start, COMPUTE_TIMES.start);
const ROLL = Math.max(CAPACITY_TIMES.roll, COMPUTE_TIMES.roll);
const STAMP = 'enterprise-usw2';

export const capacity: readonly Behaviour[] = [
  {
    port: 'capacity',
    name: 'bounds, what is wanted and what runs',
    run: async (scene) => {
      const { web } = await scene.ports.capacity.read(refOf(scene, STAMP));
      expect(web.min).toBeGreaterThan(0);
      expect(web.max).toBeGreaterThanOrEqual(web.min);
      expect([web.desired, web.running]).toEqual([web.min, web.min]);
    },
  },
  {
    port: 'capacity',
    name: 'raising a minimum starts what is missing',
    needs: ['time'],
    run: async (scene) => {
      const { capacity: port } = scene.ports;
      const stamp = refOf(scene, STAMP);
      const { web } = await port.read(stamp);
      const bounds = { web: { min: web.min + 2, max: web.max + 2 } };
      await port.setBounds({ stamp, bounds, guard: GUARD });
      expect((await port.read(stamp)).web).toEqual({ ...bounds.web, desired: web.min + 2, running: web.min });
      await scene.later(START);
      expect((await port.read(stamp)).web.running).toBe(web.min + 2);
    },
  },
  {
    port: 'capacity',
    name: 'without capacity left nothing starts, and the bounds hold all the same',
    needs: ['time', 'exhaustion'],
    run: async (scene) => {
      const { capacity: port } = scene.ports;
      const stamp = refOf(scene, STAMP);
      const { web } = await port.read(stamp);
      scene.exhaust();
      await port.setBounds({ stamp, bounds: { web: { min: web.min + 1, max: web.max + 1 } }, guard: GUARD });
      await scene.later(10 * START);
      expect((await port.read(stamp)).web).toMatchObject({ min: web.min + 1, running: web.min });
    },
  },
  {
    port: 'capacity',
    name: 'lowering a minimum stops nothing; lowering the maximum does',
    needs: ['time'],
    run: async (scene) => {
      const { capacity: port } = scene.ports;
      const stamp = refOf(scene, STAMP);
      const { web } = await port.read(stamp);
      await port.setBounds({ stamp, bounds: { web: { min: 0, max: web.max } }, guard: GUARD });
      expect((await port.read(stamp)).web).toMatchObject({ min: 0, desired: web.desired, running: web.running });
      await port.setBounds({ stamp, bounds: { web: { min: 0, max: web.desired - 1 } }, guard: GUARD });
      expect((await port.read(stamp)).web).toMatchObject({
        max: web.desired - 1,
        desired: web.desired - 1,
        running: web.desired - 1,
      });
    },
  },
  {
    port: 'capacity',
    name: 'what is absent from the bounds stays as it is, and what is set already changes nothing',
    run: async (scene) => {
      const { capacity: port } = scene.ports;
      const stamp = refOf(scene, STAMP);
      const before = await port.read(stamp);
      await port.setBounds({ stamp, bounds: {}, guard: GUARD });
      await port.setBounds({ stamp, bounds: { web: { min: before.web.min, max: before.web.max } }, guard: GUARD });
      expect(await port.read(stamp)).toEqual(before);
    },
  },
  {
    port: 'capacity',
    name: 'a roll begins anew and is over after a while',
    needs: ['time'],
    run: async (scene) => {
      const { capacity: port } = scene.ports;
      const stamp = refOf(scene, STAMP);
      expect((await port.rollout(stamp)).state).toBe('completed');
      await scene.later(1_000);
      const asked = scene.now();
      await port.roll({ stamp, guard: GUARD });
      const going = await port.rollout(stamp);
      expect(going.state).toBe('in-progress');
      expect(going.startedAt).toBeGreaterThanOrEqual(Math.floor(asked / 1000) * 1000);
      await scene.later(ROLL);
      expect(await port.rollout(stamp)).toEqual({ state: 'completed', startedAt: going.startedAt });
    },
  },
  {
    port: 'capacity',
    name: 'after the end of the lease nothing is sent',
    run: async (scene) => {
      const stamp = refOf(scene, STAMP);
      const before = await scene.ports.capacity.read(stamp);
      const guard = expired(scene);
      const bounds = { web: { min: before.web.min + 1, max: before.web.max + 1 } };
      await expect(scene.ports.capacity.setBounds({ stamp, bounds, guard })).rejects.toMatchObject({ kind: 'lease-expired' });
      await expect(scene.ports.capacity.roll({ stamp, guard })).rejects.toMatchObject({ kind: 'lease-expired' });
      expect(await scene.ports.capacity.read(stamp)).toEqual(before);
    },
  },
];
