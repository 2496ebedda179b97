from . import crm_segment_move
