using System.Text.Json;
using Ams.Actors.Channels;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>Reads a batch: message after message, each to its end, so that all that is wrong is named by index.</summary>
internal sealed class BatchParser
{
    private const string Member = "messages";

    private readonly List<MessageDraft> _drafts = [];
    private readonly DraftFaults _faults = new();
    private Refusal? _badKey;
    private bool _seen;
    private int _count;

    /// <summary>Reads the object on which <paramref name="reader"/> stands, to its end.</summary>
    /// <exception cref="JsonException">This is not JSON.</exception>
    public void Read(ref Utf8JsonReader reader, int bodyBytes)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!Strings.TryRead(ref reader, out var name) || name != Member)
                Refuse(ref reader, name ?? "", "There is no such member here; leave it out.");
            else if (_seen)
                Refuse(ref reader, Member, "The member stands twice; send it once.");
            else
                ReadMessages(ref reader, bodyBytes);
        }

        if (_count == 0 && _faults.IsEmpty)
            _faults.Add(Member, $"messages is an array of 1 to {Limits.BatchMessagesMax} messages; send at least one.");
    }

    /// <summary>Passes over a value that is no object.</summary>
    public void NotAnObject(ref Utf8JsonReader reader) =>
        Refuse(ref reader, Member, "The body is a JSON object with the member messages.");

    /// <summary>All drafts, or what stands against them: first what is wrong with members, then with keys.</summary>
    public Outcome<IReadOnlyList<MessageDraft>> ToDrafts()
    {
        if (!_faults.IsEmpty)
            return _faults.ToRefusal();
        return _badKey is not null ? _badKey : _drafts;
    }

    private void ReadMessages(ref Utf8JsonReader reader, int bodyBytes)
    {
        _seen = true;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Refuse(ref reader, Member, "messages is an array of messages.");
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var index = _count++;
            if (_count > Limits.BatchMessagesMax)
                Refuse(
                    ref reader,
                    Member,
                    $"messages has at most {Limits.BatchMessagesMax} messages; send the rest in another batch."
                );
            else if (reader.TokenType != JsonTokenType.StartObject)
                Refuse(ref reader, $"{Member}[{index}]", "Each message is a JSON object.");
            else
                ReadMessage(ref reader, bodyBytes, index);
        }
    }

    private void ReadMessage(ref Utf8JsonReader reader, int bodyBytes, int index)
    {
        var message = new MessageParser(MessageMembers.Post, index);
        try
        {
            message.Read(ref reader, bodyBytes, _faults);
            // Once anything is wrong nothing is posted; the rest is read only to be able to name it.
            if (!_faults.IsEmpty || _badKey is not null)
                return;
            if (IdempotencyKeys.Agree(null, message.Key).TryGet(out var key, out var refusal))
                _drafts.Add(message.ToDraft(key));
            else
                _badKey = refusal with
                {
                    Errors = new Dictionary<string, string[]>(StringComparer.Ordinal)
                    {
                        [$"{Member}[{index}].idempotency_key"] = [refusal.Detail],
                    },
                };
        }
        finally
        {
            message.Dispose();
        }
    }

    private void Refuse(ref Utf8JsonReader reader, string member, string sentence)
    {
        _faults.Add(member, sentence);
        reader.Skip();
    }
}
