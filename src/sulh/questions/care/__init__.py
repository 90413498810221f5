"""Care: do the wounded and the sick reach care in time, and where should it stand?"""
