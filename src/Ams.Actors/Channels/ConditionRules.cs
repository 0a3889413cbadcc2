using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>The conditions under which a post is wanted (protocol, section 9). This version serves none of them, and says so: a condition that is passed over
/// would commit what its author did not want.</summary>
internal static class ConditionRules
{
    /// <summary>The members of a draft that can't be judged, with a sentence each; null when there are none.</summary>
    /// <param name="path">What stands before a member's name: empty, or <c>messages[3].</c>.</param>
    public static Refusal? Judge(MessageDraft draft, string path = "") =>
        draft switch
        {
            { ExpectedHeadSeq: not null } => Unserved(path + "expected_head_seq"),
            { IfUnanswered: true } => Unserved(path + "if_unanswered"),
            { Cause: not null } => Unserved(path + "cause"),
            _ => null,
        };

    private static Refusal Unserved(string member) =>
        Refusal.Invalid(member, $"This server does not judge {member} yet; leave it out to post without that condition.");
}
