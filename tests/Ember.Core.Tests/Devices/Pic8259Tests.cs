using System.Linq;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class Pic8259Tests
{
    private Pic8259Pair _pic;

    public Pic8259Tests()
    {
        _pic.Initialize();
        Start(0x01);
    }

    /// <summary>Linux's init_8259A, then every input unmasked.</summary>
    private void Start(byte icw4, byte icw1 = 0x11)
    {
        foreach ((ushort port, byte vectors, byte cascade) in new (ushort, byte, byte)[] { (0x20, 0x30, 4), (0xA0, 0x38, 2) })
        {
            _pic.Write(port, icw1);
            _pic.Write((ushort)(port + 1), vectors);
            _pic.Write((ushort)(port + 1), cascade);
            _pic.Write((ushort)(port + 1), icw4);
            _pic.Write((ushort)(port + 1), 0);
        }
    }

    private void Pulse(int interrupt)
    {
        _pic.SetLine(interrupt, true);
        _pic.SetLine(interrupt, false);
    }

    private int Take() => _pic.Output ? _pic.Acknowledge() : -1;

    private byte InService(ushort port)
    {
        _pic.Write(port, 0x0B);
        byte value = _pic.Read(port);
        _pic.Write(port, 0x0A);
        return value;
    }

    [Fact]
    public void Linux_probe_finds_the_mask_register()
    {
        _pic.Write(0xA1, 0xFF);
        _pic.Write(0x21, 0xFB);
        Assert.Equal(0xFB, _pic.Read(0x21));
        Assert.Equal(0xFF, _pic.Read(0xA1));
    }

    [Fact]
    public void Nothing_interrupts_before_initialisation()
    {
        _pic.Initialize();
        Pulse(0);
        Assert.False(_pic.Output);
        Assert.Equal(0xFF, _pic.Read(0x21));
        _pic.Write(0x20, 0x11);
        Pulse(1);
        Assert.False(_pic.Output);
    }

    [Fact]
    public void An_edge_is_served_once()
    {
        _pic.SetLine(4, true);
        Assert.Equal(0x10, _pic.Read(0x20));
        Assert.Equal(0x34, _pic.PeekVector);
        Assert.Equal(0x34, Take());
        Assert.Equal(0x10, InService(0x20));
        Assert.Equal(0x00, _pic.Read(0x20));
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x00, InService(0x20));
        Assert.Equal(-1, Take());
        _pic.SetLine(4, false);
        _pic.SetLine(4, true);
        Assert.Equal(0x34, Take());
    }

    [Fact]
    public void A_level_is_served_again_while_it_lasts()
    {
        _pic.Write(0x4D1, 0xFF);
        Assert.Equal(0xDE, _pic.Read(0x4D1));
        _pic.Write(0x4D0, 0xFF);
        Assert.Equal(0xF8, _pic.Read(0x4D0));
        _pic.SetLine(9, true);
        Assert.Equal(0x39, Take());
        Assert.Equal(-1, Take());
        _pic.Write(0xA0, 0x20);
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x39, Take());
        _pic.SetLine(9, false);
        _pic.Write(0xA0, 0x20);
        _pic.Write(0x20, 0x20);
        Assert.Equal(-1, Take());
    }

    [Fact]
    public void Level_triggering_by_ICW1_holds_for_all_inputs()
    {
        Start(0x01, 0x19);
        _pic.SetLine(0, true);
        Assert.Equal(0x30, Take());
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x30, Take());
        _pic.SetLine(0, false);
        _pic.Write(0x20, 0x20);
        Assert.Equal(-1, Take());
    }

    [Fact]
    public void A_higher_input_interrupts_a_lower_one_and_not_the_other_way()
    {
        Pulse(5);
        Assert.Equal(0x35, Take());
        Pulse(6);
        Assert.Equal(-1, Take());
        Pulse(1);
        Assert.Equal(0x31, Take());
        Assert.Equal(0x22, InService(0x20));
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x20, InService(0x20));
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x36, Take());
    }

    [Fact]
    public void The_slave_ranks_between_inputs_1_and_3()
    {
        Pulse(3);
        Pulse(14);
        Pulse(8);
        Pulse(1);
        int[] taken = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            int vector = Take();
            if (vector >= 0x38)
            {
                _pic.Write(0xA0, 0x20);
            }

            _pic.Write(0x20, 0x20);
            return vector;
        })];
        Assert.Equal([0x31, 0x38, 0x3E, 0x33], taken);
        Assert.Equal(-1, Take());
    }

    [Fact]
    public void Automatic_end_of_interrupt_leaves_nothing_in_service()
    {
        Start(0x03);
        Pulse(8);
        Pulse(9);
        Pulse(3);
        Assert.Equal(0x38, Take());
        Assert.Equal(0x39, Take());
        Assert.Equal(0x33, Take());
        Assert.Equal(0, InService(0x20) | InService(0xA0));
    }

    [Fact]
    public void Rotation_in_automatic_end_of_interrupt_makes_the_served_input_lowest()
    {
        Start(0x03);
        _pic.Write(0x20, 0x80);
        Pulse(0);
        Assert.Equal(0x30, Take());
        Pulse(0);
        Pulse(7);
        Assert.Equal(0x37, Take());
        Assert.Equal(0x30, Take());
        _pic.Write(0x20, 0x00);
        Pulse(6);
        Assert.Equal(0x36, Take());
        Pulse(6);
        Pulse(1);
        Assert.Equal(0x31, Take());
    }

    [Theory]
    [InlineData(0xA0)]
    [InlineData(0xE3)]
    public void Rotating_end_of_interrupt_makes_the_input_lowest(byte ocw2)
    {
        Pulse(3);
        Assert.Equal(0x33, Take());
        _pic.Write(0x20, ocw2);
        Assert.Equal(0, InService(0x20));
        Pulse(3);
        Pulse(4);
        Pulse(1);
        Assert.Equal(0x34, Take());
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x31, Take());
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x33, Take());
    }

    [Fact]
    public void Priority_can_be_set()
    {
        _pic.Write(0x20, 0xC4);
        Pulse(4);
        Pulse(5);
        Assert.Equal(0x35, Take());
    }

    [Fact]
    public void Specific_end_of_interrupt_ends_that_input()
    {
        Pulse(6);
        Take();
        Pulse(3);
        Take();
        _pic.Write(0x20, 0x66);
        Assert.Equal(0x08, InService(0x20));
    }

    [Fact]
    public void Special_mask_lets_lower_inputs_through_and_protects_the_masked_one()
    {
        Pulse(3);
        Take();
        Pulse(6);
        Assert.Equal(-1, Take());
        _pic.Write(0x21, 0x08);
        _pic.Write(0x20, 0x68);
        Assert.Equal(0x36, Take());
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x08, InService(0x20));
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x08, InService(0x20));
        _pic.Write(0x20, 0x48);
        _pic.Write(0x20, 0x20);
        Assert.Equal(0x00, InService(0x20));
    }

    [Fact]
    public void Special_fully_nested_mode_lets_the_slave_interrupt_itself()
    {
        Pulse(12);
        Assert.Equal(0x3C, Take());
        Pulse(9);
        Assert.Equal(-1, Take());

        Start(0x11);
        Pulse(12);
        Assert.Equal(0x3C, Take());
        Pulse(9);
        Assert.Equal(0x39, Take());
    }

    [Fact]
    public void Poll_acknowledges()
    {
        _pic.Write(0x20, 0x0C);
        Assert.Equal(0, _pic.Read(0x20));
        Pulse(5);
        _pic.Write(0x20, 0x0C);
        Assert.Equal(0x85, _pic.Read(0x20));
        Assert.Equal(0x20, InService(0x20));
        Assert.Equal(0x00, _pic.Read(0x20));
    }

    [Fact]
    public void An_acknowledge_without_a_request_is_spurious_interrupt_7()
    {
        Assert.Equal(0x37, _pic.Acknowledge());
        Assert.Equal(0, InService(0x20));
        _pic.SetLine(3, true);
        _pic.Write(0x21, 0x08);
        Assert.False(_pic.Output);
        Assert.Equal(0x37, _pic.Acknowledge());
        _pic.Write(0x21, 0x00);
        Assert.Equal(0x33, _pic.Acknowledge());
    }

    [Fact]
    public void A_request_that_the_slave_withdraws_does_not_reach_the_processor()
    {
        Pulse(10);
        Assert.True(_pic.Output);
        _pic.Write(0xA1, 0x04);
        Assert.False(_pic.Output);
        _pic.Write(0xA1, 0x00);
        Assert.Equal(0x3A, Take());
    }

    [Fact]
    public void Initialisation_clears_mask_and_edges_but_not_vectors_already_asserted_as_edges()
    {
        _pic.Write(0x21, 0xFF);
        _pic.SetLine(1, true);
        Start(0x01);
        Assert.Equal(0x00, _pic.Read(0x21));
        Assert.Equal(-1, Take());
        _pic.SetLine(1, false);
        _pic.SetLine(1, true);
        Assert.Equal(0x31, Take());
    }

    /// <summary>One chip in fully nested mode against the rule itself, spelled out over an ordered list of inputs.</summary>
    [Fact]
    public void Priority_agrees_with_a_list_of_inputs() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7]).Array[1, 200].Sample(script =>
        {
            Pic8259 pic = new() { EdgeLevelMask = 0xF8, CascadeInputs = 0 };
            foreach ((int port, byte value) in new[] { (0, (byte)0x13), (1, (byte)0x40), (1, (byte)0x01), (1, (byte)0x00) })
            {
                pic.Write(port, value);
            }

            System.Collections.Generic.List<int> order = [0, 1, 2, 3, 4, 5, 6, 7];
            bool[] requested = new bool[8], served = new bool[8], masked = new bool[8];
            foreach ((int action, int input) in script)
            {
                switch (action)
                {
                    case 0:
                    case 1:
                        pic.SetLine(input, true);
                        pic.SetLine(input, false);
                        requested[input] = true;
                        break;

                    case 2:
                        masked[input] = !masked[input];
                        pic.Write(1, (byte)Enumerable.Range(0, 8).Sum(i => masked[i] ? 1 << i : 0));
                        break;

                    case 3:
                        int expected = order.FirstOrDefault(i => (requested[i] && !masked[i]) || served[i], -1);
                        expected = expected >= 0 && !served[expected] ? expected : -1;
                        Assert.Equal(expected >= 0, pic.Output);
                        if (expected >= 0)
                        {
                            Assert.Equal(expected, pic.Acknowledge());
                            requested[expected] = false;
                            served[expected] = true;
                        }

                        break;

                    default:
                        bool rotate = action == 5;
                        pic.Write(0, rotate ? (byte)0xA0 : (byte)0x20);
                        int ended = order.FirstOrDefault(i => served[i], -1);
                        if (ended >= 0)
                        {
                            served[ended] = false;
                            if (rotate)
                            {
                                int place = order.IndexOf(ended);
                                order = [.. order.Skip(place + 1), .. order.Take(place + 1)];
                            }
                        }

                        break;
                }
            }
        });
}
