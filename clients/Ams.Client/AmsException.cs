using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>A call that was answered with a problem (protocol, section 4), or a socket that was closed for good.</summary>
public class AmsException : Exception
{
    /// <summary>Wraps a problem.</summary>
    public AmsException(Problem problem, Exception? inner = null)
        : base(problem.Detail, inner) => Problem = problem;

    /// <summary>The problem as the server sent it.</summary>
    public Problem Problem { get; }

    /// <summary>One of <see cref="ErrorCodes"/>, for example <c>not_found</c>; of <see cref="AmsUnreachableException"/> <c>unreachable</c>.</summary>
    public string Code => Problem.Code;

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status => Problem.Status;

    /// <summary>A sentence that says what to do.</summary>
    public string Detail => Problem.Detail;

    /// <summary>The request's id in the server's logs; empty when there was no answer.</summary>
    public string RequestId => Problem.RequestId;

    /// <summary>True when the very same call may succeed later.</summary>
    public bool Retryable => Problem.Retryable;

    /// <summary>What came first, for <c>head_moved</c>, <c>already_answered</c> and <c>already_completed</c>; else null.</summary>
    public AmsEvent? Event => Problem.Event is { ValueKind: JsonValueKind.Object } found ? AmsEvent.Parse(found) : null;

    /// <summary>How long the server asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The code with which a WebSocket was closed; null when there was none.</summary>
    public int? CloseCode { get; internal init; }
}

/// <summary>No answer: the server can't be reached, or the connection broke. Whether the call took effect is unknown.</summary>
public sealed class AmsUnreachableException : AmsException
{
    /// <summary>Wraps a network fault.</summary>
    public AmsUnreachableException(string detail, Exception? inner = null)
        : base(new Problem("about:blank", "Unreachable", 0, detail, "unreachable", "", Retryable: true), inner) { }

    /// <summary>True when the request never left: no connection was made.</summary>
    internal bool NeverSent { get; init; }
}

/// <summary>The other side does not speak protocol version 1: an answer that can't be read, or a log with a gap.</summary>
public sealed class AmsProtocolException : AmsException
{
    /// <summary>Says what was wrong.</summary>
    public AmsProtocolException(string detail, int status = 0, Exception? inner = null)
        : base(
            new Problem("about:blank", "Protocol violation", status, detail, "protocol_violation", "", Retryable: false),
            inner
        ) { }
}
