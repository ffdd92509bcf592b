import type { ValueView } from '../value-view';

/** The service's default where the template says nothing; nothing where it says something that cannot be resolved. */
export function numberOr(view: ValueView | undefined, standard: number): number | undefined {
  return view?.exists === true ? view.number() : standard;
}

/** Same for switches. */
export function flagOr(view: ValueView, standard: boolean): boolean {
  return view.exists ? (view.flag() ?? standard) : standard;
}
