/** Numbers and places as people read them, the same on every machine. */
export function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** `97 %` of a share of 0.97. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${number(Math.round(share * 100))} %` : 'more than all';
}

export function dollars(amount: number): string {
  return `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} USD`;
}

interface Place {
  readonly account: string;
  readonly region?: string;
  readonly resource?: string;
}

/** `account 111111111111, us-east-1 and us-west-2`: places of one account, the first three by name. */
export function placesText(places: readonly Place[]): string {
  const [first] = places;
  if (first === undefined) return '';
  const names = [
    ...new Set(places.map(({ region, resource }) => [region, resource].filter((part) => part !== undefined).join(', '))),
  ].filter((name) => name !== '');
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const list =
    shown.length > 1
      ? `${shown.slice(0, -1).join(places.some(({ resource }) => resource !== undefined) ? '; ' : ', ')} and ${shown.at(-1) ?? ''}`
      : shown.join('');
  return [`account ${first.account}`, list].filter((part) => part !== '').join(', ');
}
