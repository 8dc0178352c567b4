using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

/// <summary>The counter that works its count out, beside the one that counts.</summary>
public sealed class Pit8254ChannelTests
{
    private static readonly Gen<(int Action, int Amount)[]> _script = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40]).Array[1, 60];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Output_and_count_agree_with_a_counter_that_counts(int mode) => _script.Sample(script =>
    {
        ulong tick = 65_536;
        Pit8254Channel channel = default;
        channel.Initialize(true);
        channel.Control((byte)(0x30 | (mode << 1)));
        Pit8254ChannelModel model = new(mode, true);
        foreach ((int action, int amount) in script)
        {
            switch (action)
            {
                case 0:
                    int count = amount + 2;
                    channel.Write((byte)count, tick);
                    channel.Write(0, tick);
                    model.Write(count);
                    break;

                case 1:
                    channel.SetGate(!channel.Gate, tick);
                    model.SetGate(!model.Gate);
                    break;

                default:
                    for (int i = 0; i < amount; i++)
                    {
                        tick++;
                        model.Clock();
                        Compare(ref channel, model, tick);
                    }

                    break;
            }
        }

        CompareNextRise(channel, model, tick);
    });

    private static void Compare(ref Pit8254Channel channel, Pit8254ChannelModel model, ulong tick)
    {
        Assert.Equal(model.Output, channel.Output(tick));
        if (model.IsSettled)
        {
            int value = channel.Read(tick) | (channel.Read(tick) << 8);
            Assert.Equal(model.Value, value);
        }
    }

    private static void CompareNextRise(Pit8254Channel channel, Pit8254ChannelModel model, ulong tick)
    {
        ulong expected = ulong.MaxValue;
        bool output = model.Output;
        for (ulong later = tick + 1; later < tick + 200 && expected == ulong.MaxValue; later++)
        {
            model.Clock();
            expected = !output && model.Output ? later : ulong.MaxValue;
            output = model.Output;
        }

        // A trigger of mode 1 drops OUT with the next clock, before any rise the channel could name.
        Assert.Equal(expected, channel.NextRise(tick));
    }
}
