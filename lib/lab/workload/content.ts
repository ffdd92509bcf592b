/** What the generator writes under a number, so that a reader can tell whether a row is still what was written. */
export function contentOf(number: number): { readonly tenant: string; readonly item: string; readonly quantity: number } {
  return { tenant: 'drill', item: `item ${number}`, quantity: (number % 7) + 1 };
}

export function isIntact(number: number, row: { readonly item: string; readonly quantity: number }): boolean {
  const { item, quantity } = contentOf(number);
  return row.item === item && row.quantity === quantity;
}
