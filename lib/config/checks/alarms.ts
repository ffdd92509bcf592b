import type { Finding } from '../../findings';
import { type CheckContext, fleetPlace, report } from './context';

/** An alarm that nobody hears is found in the post-mortem. */
export function checkAlarms({ config }: CheckContext): Finding[] {
  if (config.alarms.subscriptions.length > 0) return [];
  const fix =
    'Name somebody under alarms.subscriptions in fleet.yaml, such as mailto:oncall@example.com or the URL of your pager';
  return [
    report('alarms-unsubscribed', fleetPlace('alarms'), 'no address is subscribed to the alarms of stamps and routing', fix),
  ];
}
