using Ams.Contracts;
using Ams.ControlPlane.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Ams.ControlPlane.Tests;

public sealed class CursorsTests
{
    [Fact]
    public void A_cursor_reads_back_in_its_list_and_in_no_other()
    {
        var id = Cursors.Write(Cursors.Members, "prn_01jd2m");
        var number = Cursors.Write(Cursors.Audit, 42);

        Cursors.ReadId(Cursors.Members, id).Value.ShouldBe("prn_01jd2m");
        Cursors.ReadNumber(Cursors.Audit, number, 0).Value.ShouldBe(42);
        Cursors.ReadId(Cursors.Tokens, id).Refusal!.Code.ShouldBe(ErrorCodes.InvalidCursor);
        Cursors.ReadNumber(Cursors.ChannelMembers, number, 0).Refusal!.Code.ShouldBe(ErrorCodes.InvalidCursor);
        Cursors.ReadId(Cursors.Members, null).Value.ShouldBe("");
        Cursors.ReadNumber(Cursors.Audit, null, 7).Value.ShouldBe(7);
    }

    [Fact]
    public void Any_other_text_is_refused_and_never_throws() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<NonNull<string>>(),
                text =>
                    Cursors.ReadId(Cursors.Members, text.Get).Refusal?.Code == ErrorCodes.InvalidCursor
                    && Cursors.ReadNumber(Cursors.Audit, text.Get, 0).Refusal?.Code == ErrorCodes.InvalidCursor
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_forged_position_is_refused()
    {
        Cursors.ReadId(Cursors.Members, Cursors.Write(Cursors.Members, "' OR 1=1 --")).IsOk.ShouldBeFalse();
        Cursors.ReadId(Cursors.Members, Cursors.Write(Cursors.Members, new string('a', 200))).IsOk.ShouldBeFalse();
        Cursors.ReadNumber(Cursors.Audit, Cursors.Write(Cursors.Audit, "-1"), 0).IsOk.ShouldBeFalse();
        Cursors.ReadNumber(Cursors.Audit, Cursors.Write(Cursors.Audit, "99999999999999999999"), 0).IsOk.ShouldBeFalse();
    }
}
