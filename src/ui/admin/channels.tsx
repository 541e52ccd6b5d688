import type { ChannelsView } from '../../contract/channels.ts';
import { count } from '../kit/figures.ts';
import { Channel, type ChannelActions } from './channel.tsx';
import { NewChannel } from './new-channel.tsx';
import { VendorPreview } from './vendor-preview.tsx';

/** Every way to reach people, those in trouble first, and the form for another one. */
export function Channels(props: { view: ChannelsView; now: number; actions: ChannelActions }) {
  const { view, now, actions } = props;
  const { channels } = view;
  const off = channels.filter(({ offAt }) => offAt !== null).length;
  const inTrouble = [...channels].sort((a, b) => Number(b.offAt !== null) - Number(a.offAt !== null));
  return (
    <>
      {channels.length > 0 && (
        <p className="admin__sum">
          <b>{channels.length === 1 ? '1 channel' : `${count(channels.length)} channels`}</b>
          {off > 0 && <span className="muted"> {count(off)} not used now</span>}
        </p>
      )}
      <div className="btns">
        <NewChannel add={actions.add} />
        <VendorPreview preview={actions.preview} />
      </div>
      {channels.length === 0 ? (
        <div className="empty">
          <h2>Nobody is told yet</h2>
          <p>
            Alerts open and show on the board, but they reach nobody who does not look. Add the channel where
            your team already talks, and send it a test message.
          </p>
        </div>
      ) : (
        <ul className="conns">
          {inTrouble.map((channel) => (
            <li key={channel.name}>
              <Channel {...{ channel, view, now, actions }} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
