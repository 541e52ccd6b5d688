import { z } from 'zod';
import { shaped } from '../entered.ts';

export const whatsappSettings = z.strictObject({
  phoneNumberId: shaped(/^\d{5,25}$/, 'must be the id of the sending number, digits only'),
  token: shaped(/^[\x21-\x7E]{10,1000}$/, 'must be an access token with whatsapp_business_messaging'),
  to: shaped(
    /^\+?[1-9]\d{6,14}$/,
    'must be a phone number with its country code, like +15551234567',
  ).transform((number) => number.replace('+', '')),
  template: shaped(/^[a-z0-9_]{1,512}$/, 'must be the name of an approved template, like arbhub_alert'),
  language: shaped(/^[a-z]{2,3}(_[A-Z]{2,3})?$/, "must be the template's language, like en or en_US"),
});
export type WhatsappSettings = z.output<typeof whatsappSettings>;
