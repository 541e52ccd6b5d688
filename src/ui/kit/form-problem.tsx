import { Icon } from './icon.tsx';

/** What went wrong with the last act, read out at once; nothing when nothing did. */
export function FormProblem({ problem }: { problem: string | null }) {
  if (problem === null) return null;
  return (
    <p className="form-error" role="alert">
      <Icon name="warning" />
      <span>{problem}</span>
    </p>
  );
}
