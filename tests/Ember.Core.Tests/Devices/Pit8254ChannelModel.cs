namespace Ember.Core.Tests.Devices;

/// <summary>The 8254's counting element as its data sheet tells it: one clock pulse at a time.</summary>
internal sealed class Pit8254ChannelModel
{
    private readonly int _mode;
    private int _register;
    private int _element;
    private bool _hasCount;
    private bool _loadNext;
    private bool _triggered;
    private bool _expired;
    private bool _isOdd;

    public Pit8254ChannelModel(int mode, bool gate)
    {
        _mode = mode;
        Gate = gate;
        Output = mode != 0;
    }

    public bool Gate { get; private set; }

    public bool Output { get; private set; }

    /// <summary>A count waits to enter the counting element, so what reads there is undefined or about to change.</summary>
    public bool IsSettled => _hasCount && !_loadNext && (_mode is not (1 or 5) || _triggered);

    public int Value => _element & 0xFFFF;

    public void Write(int count)
    {
        _register = count;
        if (_mode is 0 or 4 || (_mode is 2 or 3 && !_hasCount))
        {
            _loadNext = true;
            if (_mode == 0)
            {
                Output = false;
            }
        }

        _hasCount = true;
    }

    public void SetGate(bool gate)
    {
        if (_mode is 2 or 3 && !gate)
        {
            Output = true;
        }

        if (gate && !Gate && _hasCount && _mode is 1 or 2 or 3 or 5)
        {
            _loadNext = true;
            _triggered = true;
        }

        Gate = gate;
    }

    public void Clock()
    {
        if (_loadNext)
        {
            _loadNext = false;
            _expired = false;
            Reload();
            Output = _mode is not (0 or 1);
        }
        else if (_hasCount)
        {
            Count();
        }
    }

    private void Reload()
    {
        _isOdd = (_register & 1) != 0;
        _element = _mode == 3 ? _register & ~1 : _register;
    }

    private void Count()
    {
        switch (_mode)
        {
            case 0 or 4 when Gate:
            case 1 or 5 when _triggered:
                _element--;
                Output = _mode is 0 or 1 ? _expired || _element == 0 : _expired || _element != 0;
                _expired |= _element == 0;
                break;

            case 2 when Gate:
                if (_element == 1)
                {
                    Reload();
                }
                else
                {
                    _element--;
                }

                Output = _element != 1;
                break;

            case 3 when Gate:
                // An odd count gives the high half one clock more, spent at zero.
                bool isOddHigh = _isOdd && Output;
                if (_element == (isOddHigh ? 0 : 2))
                {
                    Output = !Output;
                    Reload();
                }
                else
                {
                    _element -= 2;
                }

                break;

            case 4:
                // The gate stops the count, not the strobe.
                Output = true;
                break;

            default:
                break;
        }
    }
}
