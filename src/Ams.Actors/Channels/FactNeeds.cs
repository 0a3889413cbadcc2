using Ams.Actors.Persistence;

namespace Ams.Actors.Channels;

/// <summary>What the commands of a turn have to know that memory can't tell: collected first, then read from the journal in one go.</summary>
internal sealed class FactNeeds(RecentEvents recent)
{
    private readonly HashSet<KeyQuery> _keys = [];
    private readonly HashSet<long> _messages = [];
    private readonly HashSet<long> _content = [];

    /// <summary>Adds what one command needs.</summary>
    public void Add(ChannelCommand command)
    {
        switch (command)
        {
            case PostMessage post:
                Add(post.Author, post.Draft);
                break;
            case PostBatch batch:
                foreach (var draft in batch.Drafts)
                    Add(batch.Author, draft);
                break;
            case EditMessage edit:
                Add(edit.Author, edit.Key, edit.MessageSeq);
                break;
            case DeleteMessage delete:
                Add(delete.Author, delete.Key, delete.MessageSeq);
                _content.Add(delete.MessageSeq);
                break;
            case React react:
                Add(react.Author, react.Key, react.MessageSeq);
                break;
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<ChannelFacts> LoadAsync(string channelId, IJournal journal, CancellationToken ct)
    {
        var facts = new ChannelFacts(recent);
        if (_keys.Count > 0)
        {
            foreach (var use in await journal.FindKeysAsync(channelId, [.. _keys], ct))
                facts.Add(use);
        }
        if (_messages.Count > 0)
        {
            foreach (var message in await journal.FindMessagesAsync(channelId, [.. _messages], ct))
                facts.Add(message);
        }
        foreach (var messageSeq in _content)
            facts.AddContent(messageSeq, await journal.FindContentEventsAsync(channelId, messageSeq, ct));
        return facts;
    }

    private void Add(Author author, MessageDraft draft)
    {
        Add(author.Id, draft.Key.Value);
        if (draft.ReplyTo is { } replyTo)
            Add(replyTo);
    }

    private void Add(Author author, IdempotencyKey? key, long messageSeq)
    {
        if (key is { } given)
            Add(author.Id, given.Value);
        Add(messageSeq);
    }

    private void Add(string principalId, string key)
    {
        var query = new KeyQuery(principalId, key);
        if (!recent.HoldsWholeLog && recent.FindKey(query) is null)
            _keys.Add(query);
    }

    private void Add(long messageSeq)
    {
        if (recent.MustAskJournal(messageSeq))
            _messages.Add(messageSeq);
    }
}
