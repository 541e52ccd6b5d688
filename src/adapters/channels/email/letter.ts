import type { Letters } from '../../../ports/letters.ts';
import { type Mailer, postMail } from './send.ts';

/** Somebody waits at a form for it. */
const patienceMs = 15_000;

/** Letters by the mail server that e-mail channels use. */
export function smtpLetters(mailer: Mailer): Letters {
  return {
    async send({ to, subject, text }) {
      const mail = {
        from: mailer.mailFrom,
        to: { name: '', address: to },
        subject,
        text,
        // Keeps holiday notes from answering: RFC 3834, section 5.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
      };
      const posted = await postMail(mail, mailer, AbortSignal.timeout(patienceMs));
      return posted.outcome === 'sent' ? { isSent: true } : { isSent: false, problem: posted.reason };
    },
  };
}
