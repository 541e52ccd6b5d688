import type { ReactNode } from 'react';

/** What is said in the place of a form, and the way on from there. */
export function NoticeCard(props: { title: string; children: ReactNode; way?: string; isAnswer?: boolean }) {
  return (
    <section className="panel login__notice" role={props.isAnswer === true ? 'status' : undefined}>
      <h1>{props.title}</h1>
      <p>{props.children}</p>
      <p>
        <a href="/login">{props.way ?? 'Sign in'}</a>
      </p>
    </section>
  );
}
