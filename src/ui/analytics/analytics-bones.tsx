/** What stands where the figures will be, if they take longer than a blink. */
export function AnalyticsBones() {
  return (
    <div className="bones" role="status">
      <span className="vh">Loading the analytics</span>
      <div className="bone bone--head" />
      {Array.from({ length: 4 }, (_, place) => (
        <div key={place} className="bone" />
      ))}
    </div>
  );
}
