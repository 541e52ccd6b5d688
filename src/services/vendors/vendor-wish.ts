import type { VendorWish } from '../../contract/vendors.ts';
import { unassignedVendor } from '../../domain/account.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type { VendorTerms } from '../../store/vendors.ts';
import { parseEmail } from '../members/parse-email.ts';
import type { Wish } from '../members/members-deps.ts';

const refused = (problem: string) => ({ isDone: false, problem }) as const;

/** A vendor's name, or why it cannot be one. */
export function readName(text: string): Wish<string> {
  const name = text.trim();
  if (!/^[^\p{C}]{1,100}$/u.test(name))
    return refused('A name has 1 to 100 characters, none of them invisible.');
  if (name.toLowerCase() === unassignedVendor.toLowerCase())
    return refused(`“${unassignedVendor}” says that an account has no vendor: take another name.`);
  return { isDone: true, value: name };
}

/** Business Manager ids with commas, spaces or line ends between them. */
export function readBusinesses(text: string): Wish<string[]> {
  const ids = [...new Set(text.split(/[\s,;]+/).filter((id) => id !== ''))];
  const wrong = ids.find((id) => !/^[0-9]{1,25}$/.test(id));
  return wrong === undefined
    ? { isDone: true, value: ids }
    : refused(`"${wrong.slice(0, 40)}" is no Business Manager id: it has digits only.`);
}

/** Contact and promises as they are stored, or the first that cannot be. */
export function readTerms(wish: VendorWish): Wish<VendorTerms> {
  const { contactEmail, promisedHours: hours, promisedLimit: limit } = wish;
  if (contactEmail !== '' && parseEmail(contactEmail) === null)
    return refused(`"${contactEmail}" is no e-mail address.`);
  const handle = wish.contactTelegram.replace(/^(https:\/\/t\.me\/|@)/, '');
  if (handle !== '' && !/^[A-Za-z0-9_]{4,32}$/.test(handle))
    return refused('A Telegram name is @ and 4 to 32 letters, digits and underscores.');
  if (hours !== '' && !(/^[0-9]{1,4}$/.test(hours) && Number(hours) >= 1 && Number(hours) <= 8760))
    return refused('Hours until replacement are a whole number from 1 to 8760.');
  const currency = wish.promisedCurrency.toUpperCase();
  if (limit !== '' && !/^[A-Z]{3}$/.test(currency))
    return refused('Name the currency of the promised limit by its three letters, like USD.');
  const minor = limit === '' ? null : minorFromMajor(limit, currency);
  if (limit !== '' && minor === null)
    return refused(`"${limit}" is no amount; write for example 250 or 249.50.`);
  const tooLong = (
    [
      ['contactName', 100],
      ['note', 2000],
      ['feeNote', 500],
    ] as const
  ).find(([name, most]) => wish[name].length > most);
  if (tooLong !== undefined) return refused(`That is too long: at most ${tooLong[1]} characters.`);
  return {
    isDone: true,
    value: {
      contactName: wish.contactName || null,
      contactEmail: contactEmail || null,
      contactTelegram: handle === '' ? null : `@${handle}`,
      note: wish.note || null,
      promisedHours: hours === '' ? null : Number(hours),
      promisedLimitMinor: minor,
      promisedLimitCurrency: minor === null ? null : currency,
      feeNote: wish.feeNote || null,
    },
  };
}
