using System.Threading.Tasks;
using Ember.Platform.Processors;

namespace Ember.Platform.Tests.Processors;

public sealed class TicketLockTests
{
    private TicketLock _lock;
    private int _count;

    [Fact]
    public async Task One_at_a_time_is_inside()
    {
        const int Rounds = 20_000;
        await Task.WhenAll(Task.Run(Count), Task.Run(Count));
        Assert.Equal(2 * Rounds, _count);

        void Count()
        {
            for (int i = 0; i < Rounds; i++)
            {
                _lock.Acquire();
                _count++;
                _lock.Release();
            }
        }
    }

    [Fact]
    public void A_lock_that_is_held_is_not_taken()
    {
        Assert.True(_lock.TryAcquire());
        Assert.False(_lock.TryAcquire());
        _lock.Release();
        Assert.True(_lock.TryAcquire());
    }
}
